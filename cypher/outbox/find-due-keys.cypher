// Keys of changes of one system that are due, or whose sender or verifier went silent, oldest mark first.
// mode: read
// in:   system
//       now
//       limit
// out:  key
MATCH (c:OutboundChange)
WHERE c.state IN ['DUE', 'SENDING', 'VERIFYING'] AND c.system = $system
  AND CASE WHEN c.state <> 'DUE' AND c.leaseUntil IS NOT NULL THEN c.leaseUntil ELSE c.dueAt END <= $now
RETURN c.key AS key
ORDER BY c.markedAt, key
LIMIT $limit
