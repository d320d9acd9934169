// Replaces what is known of memberships.
// mode: write
// in:   rows  key, properties
// out:  none
UNWIND $rows AS row
MATCH (:SourceRecord {key: row.key})-[m:RESOLVES_TO]->(:GoldenRecord)
SET m = row.properties
