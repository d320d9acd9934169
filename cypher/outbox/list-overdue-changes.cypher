// One page of the changes with an open intent that was sent before an instant, first sent first. Reads no others than open ones.
// mode: read
// in:   system      null for all
//       sentBefore
//       afterAt     place of the last one of the page before; far in the past to begin
//       afterId
//       limit
// out:  properties
MATCH (c:OutboundChange)
WHERE c.state IN ['SENDING', 'VERIFYING']
  AND c.system IS NOT NULL
  AND c.sentAt < $sentBefore
  AND (c.sentAt > $afterAt OR c.sentAt = $afterAt AND c.key > $afterId)
  AND ($system IS NULL OR c.system = $system)
RETURN properties(c) AS properties
ORDER BY c.sentAt, c.key
LIMIT $limit
