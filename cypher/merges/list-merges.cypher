// One page of merge events, newest first.
// mode: read
// in:   beforeAt  place of the last one of the page before; far in the future to begin
//       beforeId
//       limit
// out:  properties
//       moved  key and from of each
MATCH (e:MergeEvent)
WHERE e.at <= $beforeAt AND (e.at < $beforeAt OR e.id < $beforeId)
WITH e
ORDER BY e.at DESC, e.id DESC
LIMIT $limit
OPTIONAL MATCH (e)-[m:MOVED]->(r:SourceRecord)
WITH e, m, r
ORDER BY m.place
WITH e, collect(CASE WHEN r IS NULL THEN null ELSE [r.key, m.from] END) AS moved
RETURN properties(e) AS properties, moved
ORDER BY e.at DESC, e.id DESC
