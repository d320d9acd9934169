// Some source records that wait for resolution.
// mode: read
// in:   limit
// out:  key
MATCH (r:Pending:SourceRecord)
RETURN r.key AS key
LIMIT $limit
