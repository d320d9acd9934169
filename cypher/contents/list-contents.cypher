// All nodes but those of the schema, and the numbers that are taken anew; asked of a graph without records only.
// mode: read
// in:   none
// out:  id
//       labels
//       properties
MATCH (n)
WHERE NOT n:_Migration AND NOT n:_MigrationLock AND NOT n:Sequence
RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS properties
