// All merges that stand behind a golden record, through those it absorbed and those they had absorbed, newest first.
// mode: read
// in:   id
// out:  properties
//       moved  key and from of each
MATCH (:GoldenRecord {id: $id}) (()<-[:SURVIVED]-(step:MergeEvent WHERE step.undoneAt IS NULL)-[:ABSORBED]->()){1,50}
UNWIND step AS e
WITH DISTINCT e
OPTIONAL MATCH (e)-[m:MOVED]->(r:SourceRecord)
WITH e, m, r
ORDER BY m.place
WITH e, collect(CASE WHEN r IS NULL THEN null ELSE [r.key, m.from] END) AS moved
RETURN properties(e) AS properties, moved
ORDER BY e.at DESC, e.id DESC
