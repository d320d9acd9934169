// Source records of golden records.
// mode: read
// in:   ids
// out:  id
//       membership
//       record
UNWIND $ids AS id
MATCH (:GoldenRecord {id: id})<-[m:RESOLVES_TO]-(r:SourceRecord)
RETURN id, properties(m) AS membership, properties(r) AS record
