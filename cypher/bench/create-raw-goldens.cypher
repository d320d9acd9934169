// Creates golden records of the raw benchmark.
// mode: write
// in:   rows  properties
// out:  none
UNWIND $rows AS row
CREATE (g:GoldenRecord:Contact)
SET g = row
