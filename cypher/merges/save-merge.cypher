// Stores a merge event whole.
// mode: write
// in:   id
//       properties
// out:  none
MERGE (e:MergeEvent {id: $id})
SET e = $properties
WITH e
OPTIONAL MATCH (e)-[r:SURVIVED|ABSORBED|MOVED]->()
DELETE r
