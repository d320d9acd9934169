// Erasures by id.
// mode: read
// in:   ids
// out:  properties
UNWIND $ids AS id
MATCH (e:Erasure {id: id})
RETURN properties(e) AS properties
ORDER BY e.id
