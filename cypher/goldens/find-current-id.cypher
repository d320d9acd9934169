// Where an id leads to; nothing for an unknown id.
// mode: read
// in:   id
// out:  current
MATCH (:GoldenRecord {id: $id})-[:REDIRECTS_TO*0..1000]->(t:GoldenRecord)
WHERE NOT EXISTS { (t)-[:REDIRECTS_TO]->() }
RETURN t.id AS current
LIMIT 1
