// One page of reviews, oldest first.
// mode: read
// in:   kinds
//       states
//       type          null for all
//       prefix        beginning of a record key with the system; null for all
//       minimumScore  null for all
//       afterAt       place of the last one of the page before; null to begin
//       afterId
//       limit
// out:  properties
MATCH (v:Review)
WHERE v.state IN $states
  AND v.kind IN $kinds
  AND ($afterId IS NULL OR v.openedAt > $afterAt OR (v.openedAt = $afterAt AND v.id > $afterId))
  AND ($type IS NULL OR v.type = $type)
  AND ($minimumScore IS NULL OR v.score >= $minimumScore)
  AND ($prefix IS NULL OR any(key IN v.records WHERE key STARTS WITH $prefix))
RETURN properties(v) AS properties
ORDER BY v.openedAt, v.id
LIMIT $limit
