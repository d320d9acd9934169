// Gives source records block keys they do not have, one key after the other, because its relationships are stored with it.
// mode: write
// in:   keys  of the source records
//       rows  value, places (of its records in keys), sorted by value
// out:  added
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})
WITH collect(r) AS records
UNWIND $rows AS row
MATCH (b:BlockKey {value: row.value})
UNWIND row.places AS place
WITH b, records[place] AS r
CREATE (r)-[:HAS_KEY]->(b)
RETURN count(*) AS added
