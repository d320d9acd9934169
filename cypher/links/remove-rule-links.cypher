// Removes what rules decided about pairs; the verdicts of stewards and systems stay.
// mode: write
// in:   rows  a, b
// out:  none
UNWIND $rows AS row
MATCH (:SourceRecord {key: row.a})-[l:LINKED {origin: 'RULE'}]->(:SourceRecord {key: row.b})
DELETE l
