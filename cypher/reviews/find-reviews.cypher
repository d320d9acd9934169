// Reviews by id.
// mode: read
// in:   ids
// out:  properties
UNWIND $ids AS id
MATCH (v:Review {id: id})
RETURN properties(v) AS properties
