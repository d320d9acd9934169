// Stores reviews whole.
// mode: write
// in:   rows  id, records, properties
// out:  none
UNWIND $rows AS row
MERGE (v:Review {id: row.id})
SET v = row.properties
WITH v, row
OPTIONAL MATCH (v)-[old:ABOUT]->(s:ReviewSubject)
WHERE NOT s.key IN row.records
DELETE old
WITH DISTINCT v, row
UNWIND row.records AS key
MERGE (s:ReviewSubject {key: key})
MERGE (v)-[:ABOUT]->(s)
