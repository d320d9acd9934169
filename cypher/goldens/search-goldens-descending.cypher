// One page of the golden records that hold some words, by some property, greatest first.
// mode: read
// in:   query           for the full-text index
//       words           that the index can not look up as a whole; usually none
//       type            null for all
//       state           null for all
//       system          null for all
//       equal           attribute values that must be equal
//       minimumRecords
//       sort            name of the property
//       afterValue      place of the last one of the page before; null to begin
//       afterId
//       limit
// out:  properties
//       redirectsTo
CALL db.index.fulltext.queryNodes('golden_search', $query) YIELD node AS g
WITH g, CASE $sort WHEN 'label' THEN toLower(g.label) ELSE g[$sort] END AS place
WHERE ($afterId IS NULL OR place < $afterValue OR (place = $afterValue AND g.id < $afterId))
  AND all(word IN $words WHERE any(held IN split(g.search, ' ') WHERE held STARTS WITH word))
  AND ($state IS NULL OR g.state = $state)
  AND ($type IS NULL OR g.type = $type)
  AND all(name IN keys($equal) WHERE g[name] = $equal[name])
  AND ($minimumRecords <= 0 OR COUNT { (g)<-[:RESOLVES_TO]-() } >= $minimumRecords)
  AND ($system IS NULL OR EXISTS { (g)<-[:RESOLVES_TO]-(:SourceRecord {system: $system}) })
WITH g, place
ORDER BY place DESC, g.id DESC
LIMIT $limit
OPTIONAL MATCH (g)-[:REDIRECTS_TO]->(t:GoldenRecord)
RETURN properties(g) AS properties, t.id AS redirectsTo
ORDER BY place DESC, g.id DESC
