// Locks erasures until the transaction ends.
// mode: write
// in:   ids  sorted by the caller; unsorted ids deadlock
// out:  none
UNWIND $ids AS id
MATCH (e:Erasure {id: id})
SET e:Erasure
