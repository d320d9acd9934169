// Removes deletions of goldens or that name one of some records, with their steps.
// mode: write
// in:   keys
//       goldens
// out:  removed
CALL () {
  UNWIND $goldens AS id
  MATCH (d:Deletion {goldenId: id})
  RETURN d
  UNION
  UNWIND $keys AS key
  MATCH (:SourceRecord {key: key})<-[:OF]-(d:Deletion)
  RETURN d
  UNION
  UNWIND $keys AS key
  MATCH (:SourceRecord {key: key})<-[:REACHES]-(:DeletionStep)<-[:STEP]-(d:Deletion)
  RETURN d
}
WITH DISTINCT d
OPTIONAL MATCH (d)-[:STEP]->(s:DeletionStep)
WITH collect(DISTINCT d) AS found, collect(DISTINCT s) AS steps
WITH found, steps, size(found) AS removed
FOREACH (s IN steps | DETACH DELETE s)
FOREACH (d IN found | DETACH DELETE d)
RETURN removed
