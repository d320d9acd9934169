// Links with at least one end among the given source records.
// mode: read
// in:   keys
// out:  a
//       b
//       properties
UNWIND $keys AS key
MATCH (:SourceRecord {key: key})-[l:LINKED]-(:SourceRecord)
WITH DISTINCT l
RETURN startNode(l).key AS a, endNode(l).key AS b, properties(l) AS properties
