// Removes merge events that name one of some goldens or records.
// mode: write
// in:   keys
//       goldens
// out:  removed
CALL () {
  UNWIND $goldens AS id
  MATCH (:GoldenRecord {id: id})<-[:SURVIVED|ABSORBED]-(e:MergeEvent)
  RETURN e
  UNION
  UNWIND $keys AS key
  MATCH (:SourceRecord {key: key})<-[:MOVED]-(e:MergeEvent)
  RETURN e
}
WITH collect(DISTINCT e) AS found
WITH found, size(found) AS removed
FOREACH (e IN found | DETACH DELETE e)
RETURN removed
