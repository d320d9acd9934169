// Writes what one new record costs at least: record, golden, revision, membership and block keys.
// mode: write
// in:   rows  record, golden, membership, revision, keys
// out:  none
UNWIND $rows AS row
CREATE (r:SourceRecord:Contact)
SET r = row.record
CREATE (g:GoldenRecord:Contact)
SET g = row.golden
CREATE (r)-[m:RESOLVES_TO]->(g)
SET m = row.membership
CREATE (g)-[:WAS]->(v:GoldenRevision)
SET v = row.revision
WITH r, row
UNWIND row.keys AS value
MATCH (b:BlockKey {value: value})
CREATE (r)-[:HAS_KEY]->(b)
