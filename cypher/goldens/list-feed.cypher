// Changes of all golden records after a place in the feed, oldest first.
// mode: read
// in:   after
//       limit
// out:  properties
MATCH (v:GoldenRevision)
WHERE v.sequence > $after
RETURN properties(v) AS properties
ORDER BY v.sequence
LIMIT $limit
