// Remembers the answer to a request, unless there is one for its key.
// mode: write
// in:   key
//       properties
// out:  request  the one that is answered now
MERGE (a:Answer {key: $key})
SET a:Answer
WITH a, properties(a).at IS NOT NULL AS known
SET a += CASE WHEN known THEN {} ELSE $properties END
RETURN properties(a).request AS request
