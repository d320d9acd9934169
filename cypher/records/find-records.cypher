// Source records by key.
// mode: read
// in:   keys
// out:  properties
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})
RETURN properties(r) AS properties
