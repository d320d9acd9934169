// Published documents of a kind, by name.
// mode: read
// in:   kind
// out:  properties
MATCH (p:Policy {kind: $kind})-[:VERSION]->(v:PolicyVersion)
WHERE v.version = p.version
RETURN properties(v) AS properties
ORDER BY p.name
