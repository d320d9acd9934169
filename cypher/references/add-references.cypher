// Notes what source records name, whether that is known or not.
// mode: write
// in:   rows  key, attribute, to; none that is there already, sorted by to
// out:  added
UNWIND $rows AS row
MATCH (r:SourceRecord {key: row.key})
MERGE (n:Referent {key: row.to})
CREATE (r)-[:REFERS_TO {attribute: row.attribute}]->(n)
RETURN count(*) AS added
