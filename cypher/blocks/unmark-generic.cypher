// Takes block keys off the list of those that too many records hold.
// mode: write
// in:   keys
// out:  none
UNWIND $keys AS value
MATCH (b:BlockKey {value: value})
REMOVE b.generic
