// Answer given to an earlier request.
// mode: read
// in:   key
// out:  properties
MATCH (a:Answer {key: $key})
RETURN properties(a) AS properties
