// One page of the rows that an erasure kept out, newest first.
// mode: read
// in:   erasureId
//       system    null for all
//       beforeAt  place of the last one of the page before; far in the future to begin
//       beforeId
//       limit
// out:  properties
MATCH (b:BlockedRow {erasureId: $erasureId})
WHERE b.last <= $beforeAt
  AND (b.last < $beforeAt OR b.key < $beforeId)
  AND ($system IS NULL OR b.system = $system)
RETURN properties(b) AS properties
ORDER BY b.last DESC, b.key DESC
LIMIT $limit
