// Makes and locks block keys, so no other transaction can resolve a possible twin; properties() looks only after the lock.
// mode: write
// in:   keys  sorted by the caller; unsorted keys deadlock
// out:  value    of keys that are not as new ones: held by none and not generic
//       generic
//       records
UNWIND $keys AS value
MERGE (b:BlockKey {value: value})
SET b:BlockKey
WITH value, coalesce(properties(b).generic, false) AS generic, COUNT { (b)<-[:HAS_KEY]-() } AS records
WHERE generic OR records > 0
RETURN value, generic, records
