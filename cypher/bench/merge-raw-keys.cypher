// Makes the block keys of a batch of the raw benchmark.
// mode: write
// in:   keys
// out:  none
UNWIND $keys AS value
MERGE (:BlockKey {value: value})
