// Stores erasures whole, and ties them to the ids of their goldens.
// mode: write
// in:   rows  id, properties, goldens
// out:  none
UNWIND $rows AS row
MERGE (e:Erasure {id: row.id})
SET e = row.properties
WITH e, row
UNWIND row.goldens AS golden
MERGE (g:ErasedGolden {id: golden})
MERGE (e)-[:ERASED]->(g)
