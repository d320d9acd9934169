// Ties steps of deletions to the record they are about, as far as it exists, and to no other.
// mode: write
// in:   rows  step, target (null for none)
// out:  none
UNWIND $rows AS row
MATCH (s:DeletionStep {id: row.step})
OPTIONAL MATCH (s)-[old:REACHES]->(r:SourceRecord)
WHERE r.key <> coalesce(row.target, '')
DELETE old
WITH DISTINCT s, row
MATCH (r:SourceRecord {key: row.target})
MERGE (s)-[:REACHES]->(r)
