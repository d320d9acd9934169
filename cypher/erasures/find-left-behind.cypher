// Goldens out of use some of whose values came from one of some records.
// mode: read
// in:   quoted  keys of the records as they stand in JSON text
// out:  properties
//       redirectsTo
MATCH (g:GoldenRecord)
WHERE g.state <> 'ACTIVE' AND any(key IN $quoted WHERE g.provenance CONTAINS key)
OPTIONAL MATCH (g)-[:REDIRECTS_TO]->(t:GoldenRecord)
RETURN properties(g) AS properties, t.id AS redirectsTo
ORDER BY g.id
