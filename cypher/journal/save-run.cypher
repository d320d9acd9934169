// Stores a run whole.
// mode: write
// in:   id
//       properties
// out:  none
MERGE (r:Run {id: $id})
SET r = $properties
