// One page of the rows that an erasure kept out, oldest first.
// mode: read
// in:   erasureId
//       system    null for all
//       afterAt  place of the last one of the page before; far in the past to begin
//       afterId
//       limit
// out:  properties
MATCH (b:BlockedRow {erasureId: $erasureId})
WHERE b.last >= $afterAt
  AND (b.last > $afterAt OR b.key > $afterId)
  AND ($system IS NULL OR b.system = $system)
RETURN properties(b) AS properties
ORDER BY b.last, b.key
LIMIT $limit
