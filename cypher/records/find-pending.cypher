// Some source records that wait for resolution.
// mode: read
// in:   limit
// out:  key
MATCH (r:Pending)
RETURN r.key AS key
LIMIT $limit
