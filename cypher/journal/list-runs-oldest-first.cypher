// One page of runs, oldest first.
// mode: read
// in:   afterAt  place of the last one of the page before; far in the past to begin
//       afterId
//       limit
// out:  properties
MATCH (r:Run)
WHERE r.startedAt >= $afterAt AND (r.startedAt > $afterAt OR r.id > $afterId)
RETURN properties(r) AS properties
ORDER BY r.startedAt, r.id
LIMIT $limit
