// Stores reviews whole, and takes away what ties them to records they are no longer about.
// mode: write
// in:   rows  id, records, properties
// out:  none
UNWIND $rows AS row
MERGE (v:Review {id: row.id})
SET v = row.properties
WITH v, row
MATCH (v)-[old:ABOUT]->(s:ReviewSubject)
WHERE NOT s.key IN row.records
DELETE old
