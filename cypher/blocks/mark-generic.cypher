// Stops block keys from blocking.
// mode: write
// in:   keys
// out:  none
UNWIND $keys AS value
MATCH (b:BlockKey {value: value})
SET b.generic = true
