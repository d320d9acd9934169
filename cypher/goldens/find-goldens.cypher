// Golden records by id, with the id a retired one leads to.
// mode: read
// in:   ids
// out:  properties
//       redirectsTo
UNWIND $ids AS id
MATCH (g:GoldenRecord {id: id})
OPTIONAL MATCH (g)-[:REDIRECTS_TO]->(t:GoldenRecord)
RETURN properties(g) AS properties, t.id AS redirectsTo
