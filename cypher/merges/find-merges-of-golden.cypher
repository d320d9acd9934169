// Merge events in which a golden record survived or was absorbed, newest first.
// mode: read
// in:   id
// out:  properties
//       moved  key and from of each
MATCH (:GoldenRecord {id: $id})<-[:SURVIVED|ABSORBED]-(e:MergeEvent)
OPTIONAL MATCH (e)-[m:MOVED]->(r:SourceRecord)
WITH e, m, r
ORDER BY m.place
WITH e, collect(CASE WHEN r IS NULL THEN null ELSE [r.key, m.from] END) AS moved
RETURN properties(e) AS properties, moved
ORDER BY e.at DESC, e.id DESC
