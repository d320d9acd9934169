// Changes of one golden record, newest first.
// mode: read
// in:   id
//       limit
// out:  properties
MATCH (:GoldenRecord {id: $id})-[:WAS]->(v:GoldenRevision)
RETURN properties(v) AS properties
ORDER BY v.sequence DESC
LIMIT $limit
