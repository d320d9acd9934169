// Stores outbound changes whole.
// mode: write
// in:   rows  key, properties
// out:  none
UNWIND $rows AS row
MERGE (c:OutboundChange {key: row.key})
SET c = row.properties
