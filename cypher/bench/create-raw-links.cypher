// Creates links of the raw benchmark.
// mode: write
// in:   rows  a, b, properties
// out:  none
UNWIND $rows AS row
MATCH (a:SourceRecord {key: row.a})
MATCH (b:SourceRecord {key: row.b})
CREATE (a)-[l:LINKED]->(b)
SET l = row.properties
