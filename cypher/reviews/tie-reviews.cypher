// Ties reviews to the records they are about, by key, because those need not exist.
// mode: write
// in:   rows  id, records
// out:  none
UNWIND $rows AS row
MATCH (v:Review {id: row.id})
UNWIND row.records AS key
MERGE (s:ReviewSubject {key: key})
MERGE (v)-[:ABOUT]->(s)
