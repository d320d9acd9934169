// Moves the position in a stream.
// mode: write
// in:   key         system and stream
//       properties
// out:  none
MERGE (c:Checkpoint {key: $key})
SET c = $properties
