// Open reviews are counted and listed by kind.
CREATE INDEX review_state_kind IF NOT EXISTS FOR (n:Review) ON (n.state, n.kind);
DROP INDEX review_state IF EXISTS;
