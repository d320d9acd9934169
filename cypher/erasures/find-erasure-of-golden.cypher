// The newest erasure of a golden record.
// mode: read
// in:   id
// out:  properties
MATCH (:ErasedGolden {id: $id})<-[:ERASED]-(e:Erasure)
RETURN properties(e) AS properties
ORDER BY e.askedAt DESC, e.id DESC
LIMIT 1
