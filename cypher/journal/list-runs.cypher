// One page of runs, newest first.
// mode: read
// in:   beforeAt  place of the last one of the page before; far in the future to begin
//       beforeId
//       limit
// out:  properties
MATCH (r:Run)
WHERE r.startedAt <= $beforeAt AND (r.startedAt < $beforeAt OR r.id < $beforeId)
RETURN properties(r) AS properties
ORDER BY r.startedAt DESC, r.id DESC
LIMIT $limit
