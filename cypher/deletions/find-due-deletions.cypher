// Ids of deletions with a step whose time has come, earliest first.
// mode: read
// in:   now
//       limit
// out:  id
MATCH (d:Deletion)
WHERE d.dueAt <= $now
RETURN d.id AS id
ORDER BY d.dueAt, id
LIMIT $limit
