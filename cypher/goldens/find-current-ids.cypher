// Where ids lead to; no row for an unknown id.
// mode: read
// in:   ids
// out:  id
//       current
UNWIND $ids AS id
MATCH (:GoldenRecord {id: id})-[:REDIRECTS_TO*0..1000]->(t:GoldenRecord)
WHERE NOT EXISTS { (t)-[:REDIRECTS_TO]->() }
RETURN id, t.id AS current
