// Last number that a sequence gave.
// mode: read
// in:   name
// out:  value
MATCH (s:Sequence {name: $name})
RETURN s.value AS value
