// Deletions by id.
// mode: read
// in:   ids
// out:  properties
//       steps
UNWIND $ids AS id
MATCH (d:Deletion {id: id})
OPTIONAL MATCH (d)-[:STEP]->(s:DeletionStep)
WITH d, s
ORDER BY s.place
WITH d, collect(properties(s)) AS steps
RETURN properties(d) AS properties, steps
ORDER BY d.id
