// One merge event.
// mode: read
// in:   id
// out:  properties
//       moved  key and from of each
MATCH (e:MergeEvent {id: $id})
OPTIONAL MATCH (e)-[m:MOVED]->(r:SourceRecord)
WITH e, m, r
ORDER BY m.place
RETURN properties(e) AS properties, collect(CASE WHEN r IS NULL THEN null ELSE [r.key, m.from] END) AS moved
