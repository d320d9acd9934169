// What was erased, and what may not come back.
CREATE CONSTRAINT erasure_id IF NOT EXISTS FOR (n:Erasure) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT erased_golden_id IF NOT EXISTS FOR (n:ErasedGolden) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT suppression_key IF NOT EXISTS FOR (n:Suppression) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT blocked_row_key IF NOT EXISTS FOR (n:BlockedRow) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT secret_name IF NOT EXISTS FOR (n:Secret) REQUIRE n.name IS UNIQUE;
CREATE INDEX erasure_state IF NOT EXISTS FOR (n:Erasure) ON (n.state);
CREATE INDEX erasure_asked_at IF NOT EXISTS FOR (n:Erasure) ON (n.askedAt);
CREATE INDEX suppression_hash IF NOT EXISTS FOR (n:Suppression) ON (n.hash);
CREATE INDEX suppression_erasure IF NOT EXISTS FOR (n:Suppression) ON (n.erasureId);
CREATE INDEX blocked_row_erasure IF NOT EXISTS FOR (n:BlockedRow) ON (n.erasureId);
