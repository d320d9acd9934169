// Keeps what source records hold in fields that nobody maps, in place of what was kept of them. Keys that are not stored are ignored.
// mode: write
// in:   rows  key, unmapped (JSON text; null to keep nothing); sorted by key
// out:  none
UNWIND $rows AS row
MATCH (r:SourceRecord {key: row.key})
SET r.unmapped = row.unmapped
