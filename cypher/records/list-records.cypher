// One page of the source records of a system and entity type, by key.
// mode: read
// in:   prefix  system and entity type, each with a colon behind it
//       after   last key of the page before; the prefix to begin
//       limit
// out:  properties
MATCH (r:SourceRecord)
WHERE r.key > $after AND r.key STARTS WITH $prefix
RETURN properties(r) AS properties
ORDER BY r.key
LIMIT $limit
