// Makes the constraint that lets only one hub migrate at a time.
// mode: schema
// in:   none
// out:  none
CREATE CONSTRAINT migration_lock_name IF NOT EXISTS FOR (n:_MigrationLock) REQUIRE n.name IS UNIQUE
