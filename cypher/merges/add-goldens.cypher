// Ties a merge event to the golden records it is about.
// mode: write
// in:   id
//       survivor
//       absorbed
// out:  absorbed  how many were tied
MATCH (e:MergeEvent {id: $id})
MATCH (s:GoldenRecord {id: $survivor})
CREATE (e)-[:SURVIVED]->(s)
WITH e
UNWIND $absorbed AS id
MATCH (g:GoldenRecord {id: id})
CREATE (e)-[:ABSORBED]->(g)
RETURN count(*) AS absorbed
