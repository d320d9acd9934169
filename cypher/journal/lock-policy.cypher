// Locks a document, made if it is new, so that only one version is published at a time.
// mode: write
// in:   key
//       kind
//       name
// out:  version  0 if none was published yet
MERGE (p:Policy {key: $key})
SET p:Policy
WITH p, coalesce(properties(p).version, 0) AS version
SET p.kind = $kind, p.name = $name, p.version = version
RETURN version
