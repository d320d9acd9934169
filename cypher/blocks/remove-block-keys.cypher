// Takes block keys from source records.
// mode: write
// in:   rows  key, value
// out:  none
UNWIND $rows AS row
MATCH (:SourceRecord {key: row.key})-[k:HAS_KEY]->(:BlockKey {value: row.value})
DELETE k
