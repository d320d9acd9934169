// One page of reviews, the most doubtful first: those whose score is nearest to the middle of what asks a person.
// mode: read
// in:   kinds
//       states
//       type          null for all
//       prefix        beginning of a record key with the system; null for all
//       minimumScore  null for all
//       middles       middle score by entity type; 0 for the others
//       afterDoubt    place of the last one of the page before; null to begin
//       afterId
//       limit
// out:  properties
MATCH (v:Review)
WHERE v.state IN $states
  AND v.kind IN $kinds
  AND ($type IS NULL OR v.type = $type)
  AND ($minimumScore IS NULL OR v.score >= $minimumScore)
  AND ($prefix IS NULL OR any(key IN v.records WHERE key STARTS WITH $prefix))
WITH v, abs(v.score - coalesce($middles[coalesce(v.type, '')], 0.0)) AS doubt
WHERE $afterId IS NULL OR doubt > $afterDoubt OR (doubt = $afterDoubt AND v.id > $afterId)
RETURN properties(v) AS properties
ORDER BY doubt, v.id
LIMIT $limit
