// Ties a merge event to the source records it moved.
// mode: write
// in:   id
//       to    golden record they came into
//       rows  key, from, place
// out:  added
MATCH (e:MergeEvent {id: $id})
UNWIND $rows AS row
MATCH (r:SourceRecord {key: row.key})
CREATE (e)-[:MOVED {from: row.from, to: $to, place: row.place}]->(r)
RETURN count(*) AS added
