// Stores links that are known not to be stored.
// mode: write
// in:   rows  a, b, properties
// out:  saved
UNWIND $rows AS row
MATCH (a:SourceRecord {key: row.a})
MATCH (b:SourceRecord {key: row.b})
CREATE (a)-[l:LINKED]->(b)
SET l = row.properties
RETURN count(*) AS saved
