// Removes the changes of goldens and of records.
// mode: write
// in:   keys
//       goldens
// out:  removed
CALL () {
  UNWIND $goldens AS id
  MATCH (c:OutboundChange {goldenId: id})
  RETURN c
  UNION
  UNWIND $keys AS key
  MATCH (c:OutboundChange {key: 'record|' + key})
  RETURN c
  UNION
  UNWIND $keys AS key
  MATCH (:SourceRecord {key: key})<-[:TO]-(c:OutboundChange)
  RETURN c
}
WITH collect(DISTINCT c) AS found
WITH found, size(found) AS removed
FOREACH (c IN found | DETACH DELETE c)
RETURN removed
