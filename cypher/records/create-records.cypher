// Stores source records that were looked for and not found. Fails if another transaction has made one meanwhile.
// mode: write
// in:   rows  label, properties; no key twice
// out:  none
UNWIND $rows AS row
CREATE (r:SourceRecord:$(row.label))
SET r = row.properties
