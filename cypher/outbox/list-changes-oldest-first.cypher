// One page of outbound changes, oldest first.
// mode: read
// in:   system     null for all
//       state      null for all
//       afterAt   place of the last one of the page before; far in the past to begin
//       afterId
//       limit
// out:  properties
MATCH (c:OutboundChange)
WHERE c.markedAt >= $afterAt
  AND (c.markedAt > $afterAt OR c.key > $afterId)
  AND ($system IS NULL OR c.system = $system)
  AND ($state IS NULL OR c.state = $state)
RETURN properties(c) AS properties
ORDER BY c.markedAt, c.key
LIMIT $limit
