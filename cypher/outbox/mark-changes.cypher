// Says that something must go; what is due stays, what is in flight becomes dirty, everything else becomes due.
// mode: write
// in:   rows  key, at, properties (of a new one); sorted by key, because unsorted keys deadlock; no key twice
// out:  none
UNWIND $rows AS row
MERGE (c:OutboundChange {key: row.key})
SET c:OutboundChange
WITH row, c, properties(c) AS old
SET c += CASE
  WHEN old.state IS NULL THEN row.properties
  WHEN old.state = 'DUE' THEN {}
  WHEN old.state IN ['SENDING', 'VERIFYING'] THEN {dirty: true}
  ELSE {state: 'DUE', markedAt: row.at, dueAt: row.at, updatedAt: row.at}
END
