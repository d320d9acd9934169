// One page of merge events, oldest first.
// mode: read
// in:   afterAt  place of the last one of the page before; far in the past to begin
//       afterId
//       limit
// out:  properties
//       moved  key and from of each
MATCH (e:MergeEvent)
WHERE e.at >= $afterAt AND (e.at > $afterAt OR e.id > $afterId)
WITH e
ORDER BY e.at, e.id
LIMIT $limit
OPTIONAL MATCH (e)-[m:MOVED]->(r:SourceRecord)
WITH e, m, r
ORDER BY m.place
WITH e, collect(CASE WHEN r IS NULL THEN null ELSE [r.key, m.from] END) AS moved
RETURN properties(e) AS properties, moved
ORDER BY e.at, e.id
