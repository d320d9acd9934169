// Locks one review until the transaction ends, then reads it.
// mode: write
// in:   id
// out:  properties
MATCH (v:Review {id: $id})
SET v:Review
RETURN properties(v) AS properties
