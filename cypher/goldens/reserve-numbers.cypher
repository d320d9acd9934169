// Takes the next numbers of a sequence.
// mode: write
// in:   name
//       count
// out:  first
MERGE (s:Sequence {name: $name})
SET s:Sequence
WITH s, coalesce(properties(s).value, 0) AS last
SET s.value = last + $count
RETURN last + 1 AS first
