// Stores golden records whole, but for where retired ones lead to.
// mode: write
// in:   rows  id, label, properties
// out:  redirecting  ids that lead to another one until now
UNWIND $rows AS row
MERGE (g:GoldenRecord {id: row.id})
SET g = row.properties
SET g:$(row.label)
WITH g
WHERE EXISTS { (g)-[:REDIRECTS_TO]->() }
RETURN g.id AS redirecting
