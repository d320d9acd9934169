// Number of creates of one system that are due for a golden with a record that an open review names; begins with the few, the reviews.
// mode: read
// in:   system
//       kinds   of reviews
// out:  creates
MATCH (v:Review)-[:ABOUT]->(s:ReviewSubject)
WHERE v.state = 'OPEN' AND v.kind IN $kinds
WITH DISTINCT s.key AS record
MATCH (:SourceRecord {key: record})-[:RESOLVES_TO]->(g:GoldenRecord)
WITH DISTINCT g.id AS golden
MATCH (c:OutboundChange {goldenId: golden})
WHERE c.state = 'DUE' AND c.system = $system AND c.target IS NULL
RETURN count(c) AS creates
