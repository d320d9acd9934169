// One page of all hashes that may not come back.
// mode: read
// in:   after  key of the last one of the page before; empty to begin
//       limit
// out:  key
//       hash
//       erasureId
MATCH (s:Suppression)
WHERE s.key > $after
RETURN s.key AS key, s.hash AS hash, s.erasureId AS erasureId
ORDER BY key
LIMIT $limit
