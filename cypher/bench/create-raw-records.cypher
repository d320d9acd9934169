// Creates source records of the raw benchmark.
// mode: write
// in:   rows  properties
// out:  none
UNWIND $rows AS row
CREATE (r:SourceRecord:Contact)
SET r = row
