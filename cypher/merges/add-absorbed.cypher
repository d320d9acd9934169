// Ties a merge event to the golden records that retired.
// mode: write
// in:   id
//       rows  golden
// out:  added
MATCH (e:MergeEvent {id: $id})
UNWIND $rows AS row
MATCH (g:GoldenRecord {id: row.golden})
CREATE (e)-[:ABSORBED]->(g)
RETURN count(*) AS added
