// Keys of changes of one system that are due, or whose sender went silent, oldest mark first.
// mode: read
// in:   system
//       now
//       limit
// out:  key
MATCH (c:OutboundChange)
WHERE c.state IN ['DUE', 'SENDING', 'VERIFYING'] AND c.system = $system
  AND ((c.state = 'DUE' AND c.dueAt <= $now)
    OR (c.state = 'VERIFYING' AND c.dueAt <= $now)
    OR (c.state = 'SENDING' AND c.leaseUntil <= $now))
RETURN c.key AS key
ORDER BY c.markedAt, key
LIMIT $limit
