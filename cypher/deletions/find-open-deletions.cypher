// Deletions that are not over, of which one of the records is gone or is reached by a step.
// mode: read
// in:   keys
// out:  properties
//       steps
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})<-[:OF|REACHES]-()<-[:STEP*0..1]-(d:Deletion)
WHERE d.state IN ['SEEN', 'OPEN']
WITH DISTINCT d
OPTIONAL MATCH (d)-[:STEP]->(s:DeletionStep)
WITH d, s
ORDER BY s.place
WITH d, collect(properties(s)) AS steps
RETURN properties(d) AS properties, steps
ORDER BY d.id
