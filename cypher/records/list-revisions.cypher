// Former values of one source record, newest first.
// mode: read
// in:   key
//       limit
// out:  properties
MATCH (:SourceRecord {key: $key})-[:WAS]->(v:RecordRevision)
RETURN properties(v) AS properties
ORDER BY v.revision DESC
LIMIT $limit
