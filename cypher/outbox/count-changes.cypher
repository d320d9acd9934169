// Outbound changes by system and state.
// mode: read
// in:   none
// out:  system
//       state
//       changes
MATCH (c:OutboundChange)
RETURN c.system AS system, c.state AS state, count(*) AS changes
ORDER BY system, state
