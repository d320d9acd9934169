// One page of outbound changes, newest first.
// mode: read
// in:   system     null for all
//       state      null for all
//       beforeAt   place of the last one of the page before; far in the future to begin
//       beforeId
//       limit
// out:  properties
MATCH (c:OutboundChange)
WHERE c.markedAt <= $beforeAt
  AND (c.markedAt < $beforeAt OR c.key < $beforeId)
  AND ($system IS NULL OR c.system = $system)
  AND ($state IS NULL OR c.state = $state)
RETURN properties(c) AS properties
ORDER BY c.markedAt DESC, c.key DESC
LIMIT $limit
