// Earliest instant at which a change of a system needs attention; no row if none ever does.
// mode: read
// in:   system
// out:  at
MATCH (c:OutboundChange)
WHERE c.system = $system AND c.attentionAt IS NOT NULL
RETURN c.attentionAt AS at
ORDER BY c.system, c.attentionAt
LIMIT 1
