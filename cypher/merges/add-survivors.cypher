// Ties merge events to the golden records that go on.
// mode: write
// in:   rows  id, golden
// out:  added
UNWIND $rows AS row
MATCH (e:MergeEvent {id: row.id})
MATCH (g:GoldenRecord {id: row.golden})
CREATE (e)-[:SURVIVED]->(g)
RETURN count(*) AS added
