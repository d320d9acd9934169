// What is kept of source records in fields that nobody maps.
// mode: read
// in:   keys
// out:  key
//       unmapped  JSON text
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})
WHERE r.unmapped IS NOT NULL
RETURN key, r.unmapped AS unmapped
