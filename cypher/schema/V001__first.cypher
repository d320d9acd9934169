// First schema. Statements end with a semicolon at the end of a line.
CREATE CONSTRAINT source_record_key IF NOT EXISTS FOR (n:SourceRecord) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT golden_record_id IF NOT EXISTS FOR (n:GoldenRecord) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT golden_revision_sequence IF NOT EXISTS FOR (n:GoldenRevision) REQUIRE n.sequence IS UNIQUE;
CREATE CONSTRAINT block_key_value IF NOT EXISTS FOR (n:BlockKey) REQUIRE n.value IS UNIQUE;
CREATE CONSTRAINT merge_event_id IF NOT EXISTS FOR (n:MergeEvent) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT review_id IF NOT EXISTS FOR (n:Review) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT review_subject_key IF NOT EXISTS FOR (n:ReviewSubject) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT outbound_change_key IF NOT EXISTS FOR (n:OutboundChange) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT checkpoint_key IF NOT EXISTS FOR (n:Checkpoint) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT run_id IF NOT EXISTS FOR (n:Run) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT policy_key IF NOT EXISTS FOR (n:Policy) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT policy_version_key IF NOT EXISTS FOR (n:PolicyVersion) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT answer_key IF NOT EXISTS FOR (n:Answer) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT sequence_name IF NOT EXISTS FOR (n:Sequence) REQUIRE n.name IS UNIQUE;
CREATE INDEX golden_record_updated_at IF NOT EXISTS FOR (n:GoldenRecord) ON (n.updatedAt);
CREATE INDEX block_key_generic IF NOT EXISTS FOR (n:BlockKey) ON (n.generic);
CREATE INDEX review_state_kind IF NOT EXISTS FOR (n:Review) ON (n.state, n.kind);
CREATE INDEX outbound_change_state IF NOT EXISTS FOR (n:OutboundChange) ON (n.state, n.system);
CREATE INDEX outbound_change_attention_at IF NOT EXISTS FOR (n:OutboundChange) ON (n.system, n.attentionAt);
CREATE INDEX outbound_change_golden IF NOT EXISTS FOR (n:OutboundChange) ON (n.goldenId);
CREATE INDEX outbound_change_marked_at IF NOT EXISTS FOR (n:OutboundChange) ON (n.markedAt);
CREATE INDEX merge_event_at IF NOT EXISTS FOR (n:MergeEvent) ON (n.at);
CREATE INDEX run_started_at IF NOT EXISTS FOR (n:Run) ON (n.startedAt);
CREATE INDEX policy_kind IF NOT EXISTS FOR (n:Policy) ON (n.kind);
CREATE INDEX answer_at IF NOT EXISTS FOR (n:Answer) ON (n.at);
CREATE FULLTEXT INDEX golden_search IF NOT EXISTS FOR (n:GoldenRecord) ON EACH [n.search]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
