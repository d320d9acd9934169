// Stores merge events whole.
// mode: write
// in:   rows  id, properties
// out:  none
UNWIND $rows AS row
MERGE (e:MergeEvent {id: row.id})
SET e = row.properties
WITH e
MATCH (e)-[r:SURVIVED|ABSORBED|MOVED]->()
DELETE r
