// What records held at instants; no row for a record that has held the same since.
// mode: read
// in:   rows        key and instant, each pair once
// out:  key
//       at          the instant that was asked for
//       properties  of the revision that ended first after it
UNWIND $rows AS row
MATCH (:SourceRecord {key: row.key})-[:WAS]->(v:RecordRevision)
WHERE v.updatedAt > row.at
WITH row, v
ORDER BY v.revision
WITH row.key AS key, row.at AS at, head(collect(v)) AS v
RETURN key, at, properties(v) AS properties
