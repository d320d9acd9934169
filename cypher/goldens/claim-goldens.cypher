// Locks golden records until the transaction ends.
// mode: write
// in:   ids  sorted by the caller; unsorted ids deadlock
// out:  none
UNWIND $ids AS id
MATCH (g:GoldenRecord {id: id})
SET g:GoldenRecord
