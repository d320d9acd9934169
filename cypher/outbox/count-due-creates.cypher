// Number of creates of one system that are due.
// mode: read
// in:   system
// out:  creates
MATCH (c:OutboundChange)
WHERE c.state = 'DUE' AND c.system = $system AND c.target IS NULL
RETURN count(*) AS creates
