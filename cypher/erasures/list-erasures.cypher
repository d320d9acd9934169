// One page of erasures, newest first.
// mode: read
// in:   state  null for all
//       beforeAt  place of the last one of the page before; far in the future to begin
//       beforeId
//       limit
// out:  properties
MATCH (e:Erasure)
WHERE e.askedAt <= $beforeAt
  AND (e.askedAt < $beforeAt OR e.id < $beforeId)
  AND ($state IS NULL OR e.state = $state)
RETURN properties(e) AS properties
ORDER BY e.askedAt DESC, e.id DESC
LIMIT $limit
