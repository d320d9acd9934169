// One page of golden records by id, smallest first. Reads along the index and stops early.
// mode: read
// in:   type            null for all
//       state           null for all
//       system          null for all
//       equal           attribute values that must be equal
//       minimumRecords
//       afterId         last one of the page before; empty to begin
//       limit
// out:  properties
//       redirectsTo
MATCH (g:GoldenRecord)
WHERE g.id > $afterId
  AND ($state IS NULL OR g.state = $state)
  AND ($type IS NULL OR g.type = $type)
  AND all(name IN keys($equal) WHERE g[name] = $equal[name])
  AND ($minimumRecords <= 0 OR COUNT { (g)<-[:RESOLVES_TO]-() } >= $minimumRecords)
  AND ($system IS NULL OR EXISTS { (g)<-[:RESOLVES_TO]-(:SourceRecord {system: $system}) })
WITH g
ORDER BY g.id
LIMIT $limit
OPTIONAL MATCH (g)-[:REDIRECTS_TO]->(t:GoldenRecord)
RETURN properties(g) AS properties, t.id AS redirectsTo
ORDER BY g.id
