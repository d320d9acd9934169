// Forgets block keys that nobody holds.
// mode: write
// in:   values
// out:  removed
UNWIND $values AS value
MATCH (b:BlockKey {value: value})
WHERE NOT EXISTS { (b)<-[:HAS_KEY]-() }
DELETE b
RETURN count(*) AS removed
