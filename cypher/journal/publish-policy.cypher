// Publishes a version of a document.
// mode: write
// in:   key
//       version
//       properties
// out:  none
MATCH (p:Policy {key: $key})
SET p.version = $version
CREATE (p)-[:VERSION]->(v:PolicyVersion)
SET v = $properties
