// Ties a merge event to the golden record that goes on.
// mode: write
// in:   id
//       survivor
// out:  none
MATCH (e:MergeEvent {id: $id})
MATCH (g:GoldenRecord {id: $survivor})
CREATE (e)-[:SURVIVED]->(g)
