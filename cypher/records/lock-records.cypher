// Locks source records until the transaction ends, then reads them: setting a label takes the write lock, also where the label is set.
// mode: write
// in:   keys  sorted by the caller; unsorted keys deadlock
// out:  properties
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})
SET r:SourceRecord
RETURN properties(r) AS properties
