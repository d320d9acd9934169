// Lets ids of golden records lead nowhere but to themselves.
// mode: write
// in:   ids
// out:  none
UNWIND $ids AS id
MATCH (:GoldenRecord {id: id})-[r:REDIRECTS_TO]->()
DELETE r
