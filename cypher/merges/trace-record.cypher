// The way of one source record through the merges that stand, oldest first; the last one brought it to its golden record.
// mode: read
// in:   key
// out:  properties
//       moved  key and from of each
MATCH path = (:SourceRecord {key: $key})<-[:MOVED]-(:MergeEvent)-[:SURVIVED]->(:GoldenRecord)
WITH DISTINCT nodes(path)[1] AS e
WHERE e.undoneAt IS NULL
OPTIONAL MATCH (e)-[m:MOVED]->(r:SourceRecord)
WITH e, m, r
ORDER BY m.place
WITH e, collect(CASE WHEN r IS NULL THEN null ELSE [r.key, m.from] END) AS moved
RETURN properties(e) AS properties, moved
ORDER BY e.at, e.id
