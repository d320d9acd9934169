// Locks source records until the transaction ends, then reads them: setting a label takes the write lock, also where the label is set.
// mode: write
// in:   keys  sorted by the caller; unsorted keys deadlock
// out:  properties
//       pending    whether it waits for resolution
//       untouched  whether nothing in the graph is tied to it
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})
SET r:SourceRecord
RETURN properties(r) AS properties, r:Pending AS pending, COUNT { (r)--() } = 0 AS untouched
