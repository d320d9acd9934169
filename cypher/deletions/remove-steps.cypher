// Takes away the steps that deletions do not have any more.
// mode: write
// in:   rows  id, steps
// out:  none
UNWIND $rows AS row
MATCH (d:Deletion {id: row.id})-[:STEP]->(s:DeletionStep)
WHERE NOT s.id IN row.steps
DETACH DELETE s
