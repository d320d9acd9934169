// Outbound changes by key.
// mode: read
// in:   keys
// out:  properties
UNWIND $keys AS key
MATCH (c:OutboundChange {key: key})
RETURN properties(c) AS properties
