// Ties outbound changes to their golden record and target, as far as those exist.
// mode: write
// in:   rows  key, goldenId, target (null for a create)
// out:  none
UNWIND $rows AS row
MATCH (c:OutboundChange {key: row.key})
OPTIONAL MATCH (c)-[old:FOR|TO]->(n)
WHERE NOT coalesce(n.id, n.key) IN [row.goldenId, coalesce(row.target, '')]
DELETE old
WITH DISTINCT c, row
OPTIONAL MATCH (g:GoldenRecord {id: row.goldenId})
OPTIONAL MATCH (r:SourceRecord {key: row.target})
FOREACH (n IN CASE WHEN g IS NULL THEN [] ELSE [g] END | MERGE (c)-[:FOR]->(n))
FOREACH (n IN CASE WHEN r IS NULL THEN [] ELSE [r] END | MERGE (c)-[:TO]->(n))
