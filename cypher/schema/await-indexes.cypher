// Waits until every index can be used.
// mode: read
// in:   none
// out:  none
CALL db.awaitIndexes(300)
