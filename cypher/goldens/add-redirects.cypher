// Lets the ids of retired golden records lead to others.
// mode: write
// in:   rows  id, target
// out:  added
UNWIND $rows AS row
MATCH (g:GoldenRecord {id: row.id})
MATCH (t:GoldenRecord {id: row.target})
CREATE (g)-[:REDIRECTS_TO]->(t)
RETURN count(*) AS added
