// Deletions of one golden record, newest first.
// mode: read
// in:   id
// out:  properties
//       steps
MATCH (d:Deletion {goldenId: $id})
OPTIONAL MATCH (d)-[:STEP]->(s:DeletionStep)
WITH d, s
ORDER BY s.place
WITH d, collect(properties(s)) AS steps
RETURN properties(d) AS properties, steps
ORDER BY d.seenAt DESC, d.id DESC
