// Stores golden records whole.
// mode: write
// in:   rows  id, label, properties
// out:  none
UNWIND $rows AS row
MERGE (g:GoldenRecord {id: row.id})
SET g = row.properties
SET g:$(row.label)
