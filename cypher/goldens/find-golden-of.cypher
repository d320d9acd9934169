// Golden of each source record that has one.
// mode: read
// in:   keys
// out:  key
//       id
UNWIND $keys AS key
MATCH (:SourceRecord {key: key})-[:RESOLVES_TO]->(g:GoldenRecord)
RETURN key, g.id AS id
