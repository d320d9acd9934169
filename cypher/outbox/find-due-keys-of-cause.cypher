// Keys of changes of one system and cause that need attention, earliest first.
// mode: read
// in:   system
//       cause
//       now
//       creates  false leaves out creates that wait to be sent
//       limit
// out:  key
MATCH (c:OutboundChange)
WHERE c.system = $system AND c.cause = $cause AND c.attentionAt <= $now
  AND ($creates OR c.state <> 'DUE' OR c.target IS NOT NULL)
RETURN c.key AS key
ORDER BY c.system, c.cause, c.attentionAt, key
LIMIT $limit
