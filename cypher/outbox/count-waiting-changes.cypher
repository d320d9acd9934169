// Outbound changes of one system that are due or under way, by cause; null for those from before causes were told apart.
// mode: read
// in:   system
// out:  cause
//       changes
MATCH (c:OutboundChange)
WHERE c.system = $system AND c.state IN ['DUE', 'SENDING', 'VERIFYING']
RETURN c.cause AS cause, count(*) AS changes
ORDER BY cause
