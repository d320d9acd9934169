// Block keys that source records have.
// mode: read
// in:   keys  of source records
// out:  key
//       values
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})-[:HAS_KEY]->(b:BlockKey)
RETURN key, collect(b.value) AS values
