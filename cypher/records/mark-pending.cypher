// Marks source records as waiting for resolution.
// mode: write
// in:   keys
// out:  none
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})
SET r:Pending
