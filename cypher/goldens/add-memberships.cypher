// Puts source records that have no golden record into one.
// mode: write
// in:   rows  key, id, properties
// out:  added
UNWIND $rows AS row
MATCH (r:SourceRecord {key: row.key})
MATCH (g:GoldenRecord {id: row.id})
CREATE (r)-[m:RESOLVES_TO]->(g)
SET m = row.properties
RETURN count(*) AS added
