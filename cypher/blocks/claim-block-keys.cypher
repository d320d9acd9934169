// Makes and locks block keys, so no other transaction can resolve a possible twin; properties() looks only after the lock.
// mode: write
// in:   keys  sorted by the caller; unsorted keys deadlock
// out:  value
//       generic
//       records
UNWIND $keys AS value
MERGE (b:BlockKey {value: value})
SET b:BlockKey
WITH value, b, properties(b) AS key
RETURN value, coalesce(key.generic, false) AS generic, COUNT { (b)<-[:HAS_KEY]-() } AS records
