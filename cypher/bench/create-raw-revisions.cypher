// Creates revisions of golden records of the raw benchmark.
// mode: write
// in:   rows  id, properties
// out:  none
UNWIND $rows AS row
MATCH (g:GoldenRecord {id: row.id})
CREATE (g)-[:WAS]->(v:GoldenRevision)
SET v = row.properties
