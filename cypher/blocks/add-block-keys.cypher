// Gives source records block keys they do not have.
// mode: write
// in:   rows  key, value
// out:  added
UNWIND $rows AS row
MATCH (r:SourceRecord {key: row.key})
MATCH (b:BlockKey {value: row.value})
CREATE (r)-[:HAS_KEY]->(b)
RETURN count(*) AS added
