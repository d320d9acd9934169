// Goldens whose values time alone changes are found by the instant at which it does.
CREATE INDEX golden_record_due_at IF NOT EXISTS FOR (n:GoldenRecord) ON (n.dueAt);
