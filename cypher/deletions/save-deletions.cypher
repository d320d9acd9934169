// Stores deletions, without their steps.
// mode: write
// in:   rows  id, properties
// out:  none
UNWIND $rows AS row
MERGE (d:Deletion {id: row.id})
SET d = row.properties
