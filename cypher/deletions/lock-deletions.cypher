// Locks deletions until the transaction ends.
// mode: write
// in:   ids  sorted by the caller; unsorted ids deadlock
// out:  none
UNWIND $ids AS id
MATCH (d:Deletion {id: id})
SET d:Deletion
