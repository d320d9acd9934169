// Block keys that too many records hold, the largest first.
// mode: read
// in:   limit
// out:  value
//       records
MATCH (b:BlockKey {generic: true})
RETURN b.value AS value, COUNT { (b)<-[:HAS_KEY]-() } AS records
ORDER BY records DESC, value
LIMIT $limit
