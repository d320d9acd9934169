// Source records that hold one of some block keys, and their golden records. Keys that do not block bring nobody.
// mode: read
// in:   keys
//       limit  a key with more holders does not block
// out:  record
//       id      of the golden record; null if there is none
UNWIND $keys AS value
MATCH (b:BlockKey {value: value})
WHERE b.generic IS NULL AND COUNT { (b)<-[:HAS_KEY]-() } <= $limit
MATCH (b)<-[:HAS_KEY]-(r:SourceRecord)
WITH DISTINCT r
OPTIONAL MATCH (r)-[:RESOLVES_TO]->(g:GoldenRecord)
RETURN properties(r) AS record, g.id AS id
