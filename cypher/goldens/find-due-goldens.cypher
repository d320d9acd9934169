// Golden records whose values must be chosen anew because time has passed, the longest due first.
// mode: read
// in:   now
//       limit
// out:  id
MATCH (g:GoldenRecord)
WHERE g.dueAt <= $now
RETURN g.id AS id
ORDER BY g.dueAt, g.id
LIMIT $limit
