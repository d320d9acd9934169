// Golden records in use by entity type.
// mode: read
// in:   none
// out:  type
//       goldens
MATCH (g:GoldenRecord)
WHERE g.state = 'ACTIVE'
RETURN g.type AS type, count(*) AS goldens
