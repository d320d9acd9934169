// Retired golden records that gave one of the source records away, with all they ever gave.
// mode: read
// in:   keys
// out:  id
//       keys
//       mergedAt
UNWIND $keys AS key
MATCH (:SourceRecord {key: key})<-[m:MOVED]-(:MergeEvent)
WITH DISTINCT m.from AS id
MATCH (g:GoldenRecord {id: id})<-[:SURVIVED|ABSORBED]-(e:MergeEvent)
WHERE g.state = 'RETIRED'
MATCH (e)-[m:MOVED]->(r:SourceRecord)
WHERE m.from = id
RETURN id, collect(DISTINCT r.key) AS keys, max(e.at) AS mergedAt
ORDER BY mergedAt DESC, id DESC
