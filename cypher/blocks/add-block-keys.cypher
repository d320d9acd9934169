// Gives source records block keys they do not have.
// mode: write
// in:   rows  key, values
// out:  added
UNWIND $rows AS row
MATCH (r:SourceRecord {key: row.key})
UNWIND row.values AS value
MATCH (b:BlockKey {value: value})
CREATE (r)-[:HAS_KEY]->(b)
RETURN count(*) AS added
