// Remembers the answer to a request, unless there is one.
// mode: write
// in:   key
//       properties
// out:  known  whether there was one
MERGE (a:Answer {key: $key})
SET a:Answer
WITH a, properties(a).at IS NOT NULL AS known
SET a += CASE WHEN known THEN {} ELSE $properties END
RETURN known
