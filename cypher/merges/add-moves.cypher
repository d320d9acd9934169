// Ties merge events to the source records they moved.
// mode: write
// in:   rows  id, key, from, to, place
// out:  added
UNWIND $rows AS row
MATCH (e:MergeEvent {id: row.id})
MATCH (r:SourceRecord {key: row.key})
CREATE (e)-[:MOVED {from: row.from, to: row.to, place: row.place}]->(r)
RETURN count(*) AS added
