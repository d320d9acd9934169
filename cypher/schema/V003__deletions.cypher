// What becomes of deleted records.
CREATE CONSTRAINT deletion_id IF NOT EXISTS FOR (n:Deletion) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT deletion_step_id IF NOT EXISTS FOR (n:DeletionStep) REQUIRE n.id IS UNIQUE;
CREATE INDEX deletion_due_at IF NOT EXISTS FOR (n:Deletion) ON (n.dueAt);
CREATE INDEX deletion_seen_at IF NOT EXISTS FOR (n:Deletion) ON (n.seenAt);
CREATE INDEX deletion_golden IF NOT EXISTS FOR (n:Deletion) ON (n.goldenId);
CREATE INDEX deletion_step_place IF NOT EXISTS FOR (n:DeletionStep) ON (n.system, n.type, n.state);
