// Deletions that were sent to a system at or after an instant without a person's approval.
// mode: read
// in:   system
//       type
//       since
// out:  deletions
MATCH (s:DeletionStep)
WHERE s.system = $system AND s.type = $type AND s.state IN ['SENT', 'DONE']
  AND s.action = 'PROPAGATE' AND s.approvedBy IS NULL AND s.at >= $since
MATCH (d:Deletion)-[:STEP]->(s)
RETURN count(DISTINCT d) AS deletions
