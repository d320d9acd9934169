// One page of deletions, oldest first.
// mode: read
// in:   type    null for all
//       from    system that deleted; null for all
//       to      system of a step; null for all
//       state   null for all
//       step    state of a step, in the system of to if that is given; null for all
//       afterAt  place of the last one of the page before; far in the past to begin
//       afterId
//       limit
// out:  properties
//       steps
MATCH (d:Deletion)
WHERE d.seenAt >= $afterAt
  AND (d.seenAt > $afterAt OR d.id > $afterId)
  AND ($type IS NULL OR d.type = $type)
  AND ($from IS NULL OR d.from = $from)
  AND ($state IS NULL OR d.state = $state)
  AND ($to IS NULL AND $step IS NULL OR EXISTS {
    MATCH (d)-[:STEP]->(any:DeletionStep)
    WHERE ($to IS NULL OR any.system = $to) AND ($step IS NULL OR any.state = $step)
  })
WITH d
ORDER BY d.seenAt, d.id
LIMIT $limit
OPTIONAL MATCH (d)-[:STEP]->(s:DeletionStep)
WITH d, s
ORDER BY s.place
WITH d, collect(properties(s)) AS steps
RETURN properties(d) AS properties, steps
ORDER BY d.seenAt, d.id
