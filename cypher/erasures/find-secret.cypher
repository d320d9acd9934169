// The secret by which the hub hashes what it may not keep; no row before there is one.
// mode: read
// in:   none
// out:  value
MATCH (s:Secret {name: 'erasures'})
RETURN s.value AS value
