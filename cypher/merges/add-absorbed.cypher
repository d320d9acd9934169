// Ties merge events to the golden records that retired.
// mode: write
// in:   rows  id, golden
// out:  added
UNWIND $rows AS row
MATCH (e:MergeEvent {id: row.id})
MATCH (g:GoldenRecord {id: row.golden})
CREATE (e)-[:ABSORBED]->(g)
RETURN count(*) AS added
