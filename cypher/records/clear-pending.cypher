// Takes the mark of waiting for resolution away.
// mode: write
// in:   keys
// out:  none
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})
REMOVE r:Pending
