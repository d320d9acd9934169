// Keys of changes of one system that need attention, earliest first.
// mode: read
// in:   system
//       now
//       creates  false leaves out creates that wait to be sent
//       limit
// out:  key
MATCH (c:OutboundChange)
WHERE c.system = $system AND c.attentionAt <= $now
  AND ($creates OR c.state <> 'DUE' OR c.target IS NOT NULL)
RETURN c.key AS key
ORDER BY c.system, c.attentionAt, key
LIMIT $limit
