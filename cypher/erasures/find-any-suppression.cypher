// Whether anything may not come back: one row or none.
// mode: read
// in:   none
// out:  hash
MATCH (s:Suppression)
WHERE s.hash > ''
RETURN s.hash AS hash
LIMIT 1
