// Locks outbound changes until the transaction ends, then reads them.
// mode: write
// in:   keys  sorted by the caller; unsorted keys deadlock
// out:  properties
UNWIND $keys AS key
MATCH (c:OutboundChange {key: key})
SET c:OutboundChange
RETURN properties(c) AS properties
