// Ties deletions to the record that is gone, as far as it exists.
// mode: write
// in:   rows  id, origin
// out:  none
UNWIND $rows AS row
MATCH (d:Deletion {id: row.id})
MATCH (r:SourceRecord {key: row.origin})
MERGE (d)-[:OF]->(r)
