// Counts rows that were not stored.
// mode: write
// in:   rows  key, erasureId, system, stream, hash, rows, first, last
// out:  none
UNWIND $rows AS row
MERGE (b:BlockedRow {key: row.key})
  ON CREATE SET b.erasureId = row.erasureId, b.system = row.system, b.stream = row.stream, b.hash = row.hash,
    b.first = row.first, b.rows = 0
SET b.rows = b.rows + row.rows, b.last = row.last
