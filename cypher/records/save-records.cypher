// Stores source records whole. What a record held before is kept where its values changed; the lock comes before that look back.
// mode: write
// in:   rows  key, label, hash, properties, until; no key twice
// out:  none
UNWIND $rows AS row
MERGE (r:SourceRecord {key: row.key})
SET r:SourceRecord
WITH row, r, properties(r) AS old
SET r = row.properties
SET r.unmapped = old.unmapped
SET r:$(row.label)
WITH row, r, old
WHERE old.hash <> row.hash
WITH row, r, old, COUNT { (r)-[:WAS]->() } AS former
CREATE (r)-[:WAS]->(v:RecordRevision)
SET v = old
SET v.revision = former + 1, v.updatedAt = row.until, v.unmapped = null
