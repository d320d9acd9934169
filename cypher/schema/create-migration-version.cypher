// Makes the constraint that lets each script be recorded once.
// mode: schema
// in:   none
// out:  none
CREATE CONSTRAINT migration_version IF NOT EXISTS FOR (n:_Migration) REQUIRE n.version IS UNIQUE
