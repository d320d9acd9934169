// One page of the source records of a system and entity type, by key.
// mode: read
// in:   after  last key of the page before; system and entity type, each with a colon behind it, to begin
//       end    what comes behind the last key of them
//       limit
// out:  properties
MATCH (r:SourceRecord)
WHERE r.key > $after AND r.key < $end
RETURN properties(r) AS properties
ORDER BY r.key
LIMIT $limit
