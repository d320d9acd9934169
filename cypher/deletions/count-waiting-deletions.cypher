// Deletions with a step that would delete in a system and is held, or waits and its time has come.
// mode: read
// in:   system
//       type
//       now
// out:  deletions
MATCH (s:DeletionStep)
WHERE s.system = $system AND s.type = $type AND s.state IN ['HELD', 'WAITING']
  AND s.action = 'PROPAGATE' AND (s.state = 'HELD' OR s.dueAt <= $now)
MATCH (d:Deletion)-[:STEP]->(s)
RETURN count(DISTINCT d) AS deletions
