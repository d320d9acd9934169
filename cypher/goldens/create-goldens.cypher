// Stores golden records that are new. Fails if one is not.
// mode: write
// in:   rows  label, properties
// out:  none
UNWIND $rows AS row
CREATE (g:GoldenRecord:$(row.label))
SET g = row.properties
