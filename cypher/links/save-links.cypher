// Stores links; one of the same ends and origin is replaced.
// mode: write
// in:   rows  a, b, origin, properties
// out:  saved
UNWIND $rows AS row
MATCH (a:SourceRecord {key: row.a})
MATCH (b:SourceRecord {key: row.b})
MERGE (a)-[l:LINKED {origin: row.origin}]->(b)
SET l = row.properties
RETURN count(*) AS saved
