// Earliest instant at which a change of a system becomes due, or a lease ends; null if there is none.
// mode: read
// in:   system
// out:  at
MATCH (c:OutboundChange)
WHERE c.state IN ['DUE', 'SENDING', 'VERIFYING'] AND c.system = $system
RETURN min(CASE WHEN c.state <> 'DUE' AND c.leaseUntil IS NOT NULL THEN c.leaseUntil ELSE c.dueAt END) AS at
