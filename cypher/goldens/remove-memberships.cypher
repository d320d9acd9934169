// Takes source records out of their golden records.
// mode: write
// in:   keys
// out:  none
UNWIND $keys AS key
MATCH (:SourceRecord {key: key})-[m:RESOLVES_TO]->(:GoldenRecord)
DELETE m
