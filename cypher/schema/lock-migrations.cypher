// Waits until no other hub migrates, and keeps others waiting until the transaction ends or its connection breaks.
// mode: write
// in:   none
// out:  none
MERGE (l:_MigrationLock {name: 'schema'})
SET l:_MigrationLock
