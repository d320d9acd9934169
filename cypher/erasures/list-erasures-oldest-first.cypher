// One page of erasures, oldest first.
// mode: read
// in:   state  null for all
//       afterAt  place of the last one of the page before; far in the past to begin
//       afterId
//       limit
// out:  properties
MATCH (e:Erasure)
WHERE e.askedAt >= $afterAt
  AND (e.askedAt > $afterAt OR e.id > $afterId)
  AND ($state IS NULL OR e.state = $state)
RETURN properties(e) AS properties
ORDER BY e.askedAt, e.id
LIMIT $limit
