// Removes the history of goldens, and of others as much as reaches to the last mention of one of some records.
// mode: write
// in:   goldens
//       keys
//       quoted  the keys as they stand in JSON text
// out:  removed
CALL () {
  UNWIND $goldens AS id
  MATCH (:GoldenRecord {id: id})-[:WAS]->(w:GoldenRevision)
  RETURN w
  UNION
  MATCH (v:GoldenRevision)
  WHERE any(key IN coalesce(v.joined, []) WHERE key IN $keys)
    OR any(key IN coalesce(v.left, []) WHERE key IN $keys)
    OR any(key IN $quoted WHERE v.changed CONTAINS key)
  WITH v.goldenId AS id, max(v.revision) AS last
  MATCH (:GoldenRecord {id: id})-[:WAS]->(w:GoldenRevision)
  WHERE w.revision <= last
  RETURN w
}
WITH collect(DISTINCT w) AS found
WITH found, size(found) AS removed
FOREACH (w IN found | DETACH DELETE w)
RETURN removed
