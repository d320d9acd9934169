// Stores steps of deletions.
// mode: write
// in:   rows  id (of the deletion), step, properties
// out:  none
UNWIND $rows AS row
MATCH (d:Deletion {id: row.id})
MERGE (s:DeletionStep {id: row.step})
SET s = row.properties
MERGE (d)-[:STEP]->(s)
