// Makes and locks block keys, so no other transaction can resolve a possible twin; what follows the lock looks anew.
// mode: write
// in:   keys   sorted by the caller; unsorted keys deadlock
//       limit  a key with more holders names none of them
// out:  value    of keys that are not as new ones: held by none and not generic
//       generic
//       records
//       holders  key, hash of the evidence and state of each source record; none of a generic key
UNWIND $keys AS value
MERGE (b:BlockKey {value: value})
SET b:BlockKey
WITH b, value, coalesce(properties(b).generic, false) AS generic, COUNT { (b)<-[:HAS_KEY]-() } AS records
WHERE generic OR records > 0
CALL (b, generic, records) {
  WITH b
  WHERE NOT generic AND records <= $limit
  MATCH (b)<-[:HAS_KEY]-(r:SourceRecord)
  RETURN collect([r.key, coalesce(properties(r).evidenceHash, r.hash), r.state]) AS holders
}
RETURN value, generic, records, holders
