// Goldens in use whose value of a reference is a golden, and that have a record which names one of its records.
// mode: read
// in:   id
//       after  ids up to and including it are left out
//       limit
// out:  golden
//       attributes
MATCH (:GoldenRecord {id: $id})<-[:RESOLVES_TO]-(p:SourceRecord)
MATCH (:Referent {key: p.key})<-[t:REFERS_TO]-(:SourceRecord)-[:RESOLVES_TO]->(g:GoldenRecord)
WHERE g.id > $after AND g.state = 'ACTIVE' AND g[t.attribute] = $id
WITH g.id AS golden, t.attribute AS attribute
ORDER BY golden, attribute
WITH golden, collect(DISTINCT attribute) AS attributes
RETURN golden, attributes
ORDER BY golden
LIMIT $limit
