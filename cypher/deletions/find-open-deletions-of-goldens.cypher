// Deletions that are not over and were resolved as parts of golden records.
// mode: read
// in:   ids
// out:  properties
//       steps
UNWIND $ids AS id
MATCH (d:Deletion {goldenId: id})
WHERE d.state IN ['SEEN', 'OPEN']
OPTIONAL MATCH (d)-[:STEP]->(s:DeletionStep)
WITH d, s
ORDER BY s.place
WITH d, collect(properties(s)) AS steps
RETURN properties(d) AS properties, steps
ORDER BY d.id
