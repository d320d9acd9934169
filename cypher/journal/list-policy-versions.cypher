// All versions of a document that were ever published, the newest first.
// mode: read
// in:   key  kind and name
// out:  properties
MATCH (:Policy {key: $key})-[:VERSION]->(v:PolicyVersion)
RETURN properties(v) AS properties
ORDER BY v.version DESC
