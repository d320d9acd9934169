// Forgets what source records named.
// mode: write
// in:   rows  key, attribute, to
// out:  none
UNWIND $rows AS row
MATCH (:SourceRecord {key: row.key})-[t:REFERS_TO {attribute: row.attribute}]->(n:Referent {key: row.to})
DELETE t
