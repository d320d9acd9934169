// Source records by key, with what the hub has to do with them.
// mode: read
// in:   keys
// out:  properties
//       pending    whether it waits for resolution
//       untouched  whether nothing in the graph is tied to it
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})
RETURN properties(r) AS properties, r:Pending AS pending, COUNT { (r)--() } = 0 AS untouched
