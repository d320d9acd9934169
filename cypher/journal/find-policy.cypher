// The published version of a document.
// mode: read
// in:   key  kind and name
// out:  properties
MATCH (p:Policy {key: $key})-[:VERSION]->(v:PolicyVersion)
WHERE v.version = p.version
RETURN properties(v) AS properties
