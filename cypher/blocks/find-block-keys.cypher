// Block keys as they are, with the number of their holders.
// mode: read
// in:   keys
// out:  value
//       generic
//       records
UNWIND $keys AS value
MATCH (b:BlockKey {value: value})
RETURN DISTINCT b.value AS value, coalesce(properties(b).generic, false) AS generic, COUNT { (b)<-[:HAS_KEY]-() } AS records
