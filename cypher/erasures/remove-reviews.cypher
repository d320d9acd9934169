// Removes reviews about records or goldens, and unreadable rows that hold one of some texts, with the names of what they were about.
// mode: write
// in:   keys
//       goldens
//       texts
// out:  removed
MATCH (v:Review)
WHERE any(key IN v.records WHERE key IN $keys)
  OR any(id IN v.goldens WHERE id IN $goldens)
  OR v.kind = 'UNMAPPABLE' AND any(text IN $texts WHERE v.detail CONTAINS text OR v.reason CONTAINS text)
WITH v
OPTIONAL MATCH (v)-[:ABOUT]->(s:ReviewSubject)
WITH collect(DISTINCT v) AS found, collect(DISTINCT s) AS subjects
WITH found, subjects, size(found) AS removed
FOREACH (v IN found | DETACH DELETE v)
WITH subjects, removed
CALL (subjects) {
  UNWIND subjects AS s
  WITH s
  WHERE NOT EXISTS { (s)<-[:ABOUT]-() }
  DELETE s
  RETURN count(*) AS names
}
RETURN removed
