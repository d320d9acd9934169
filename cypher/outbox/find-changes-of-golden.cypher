// Outbound changes of one golden record, newest first.
// mode: read
// in:   id
// out:  properties
MATCH (c:OutboundChange {goldenId: $id})
RETURN properties(c) AS properties
ORDER BY c.markedAt DESC, c.key DESC
