// Those of some source records that wait for resolution.
// mode: read
// in:   keys
// out:  key
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})
WHERE r:Pending
RETURN key
