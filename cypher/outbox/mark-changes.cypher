// Says that something must go: what waits keeps its place, what is in flight becomes dirty, everything else becomes due.
// mode: write
// in:   rows  key, goldenId, at, cause, lessUrgent (causes), properties (of a new one); sorted by key, because unsorted keys deadlock; no key twice
// out:  none
UNWIND $rows AS row
MERGE (c:OutboundChange {key: row.key})
SET c:OutboundChange
WITH row, c, properties(c) AS old
SET c += CASE
  WHEN old.state IS NULL THEN row.properties
  WHEN old.state = 'DUE' AND old.goldenId = row.goldenId AND NOT coalesce(old.cause, 'EDIT') IN row.lessUrgent THEN {}
  WHEN old.state = 'DUE' THEN {goldenId: row.goldenId, updatedAt: row.at, cause: CASE WHEN coalesce(old.cause, 'EDIT') IN row.lessUrgent THEN row.cause ELSE old.cause END}
  WHEN old.state IN ['SENDING', 'VERIFYING'] AND old.dirty AND old.goldenId = row.goldenId AND NOT coalesce(old.cause, 'EDIT') IN row.lessUrgent THEN {}
  WHEN old.state IN ['SENDING', 'VERIFYING'] THEN {goldenId: row.goldenId, dirty: true, updatedAt: row.at, cause: CASE WHEN coalesce(old.cause, 'EDIT') IN row.lessUrgent THEN row.cause ELSE old.cause END}
  ELSE {goldenId: row.goldenId, target: row.properties.target, state: 'DUE', dirty: false, markedAt: row.at, dueAt: row.at, attentionAt: row.at, attempts: 0, leaseUntil: null, updatedAt: row.at, cause: row.cause}
END
