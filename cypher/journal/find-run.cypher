// One run.
// mode: read
// in:   id
// out:  properties
MATCH (r:Run {id: $id})
RETURN properties(r) AS properties
