// Lists block keys as such that too many records hold.
// mode: write
// in:   keys
// out:  none
UNWIND $keys AS value
MATCH (b:BlockKey {value: value})
SET b.generic = true
