// One page of golden records, newest change first. Reads along the index and stops early.
// mode: read
// in:   type            null for all
//       state           null for all
//       system          null for all
//       equal           attribute values that must be equal
//       minimumRecords
//       beforeAt        place of the last one of the page before; far in the future to begin
//       beforeId
//       limit
// out:  properties
//       redirectsTo
MATCH (g:GoldenRecord)
WHERE g.updatedAt <= $beforeAt
  AND (g.updatedAt < $beforeAt OR g.id < $beforeId)
  AND ($state IS NULL OR g.state = $state)
  AND ($type IS NULL OR g.type = $type)
  AND all(name IN keys($equal) WHERE g[name] = $equal[name])
  AND ($minimumRecords <= 0 OR COUNT { (g)<-[:RESOLVES_TO]-() } >= $minimumRecords)
  AND ($system IS NULL OR EXISTS { (g)<-[:RESOLVES_TO]-(:SourceRecord {system: $system}) })
WITH g
ORDER BY g.updatedAt DESC, g.id DESC
LIMIT $limit
OPTIONAL MATCH (g)-[:REDIRECTS_TO]->(t:GoldenRecord)
RETURN properties(g) AS properties, t.id AS redirectsTo
ORDER BY g.updatedAt DESC, g.id DESC
