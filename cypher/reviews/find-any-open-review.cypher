// One open review of a kind; no row if there is none.
// mode: read
// in:   kind
// out:  id
MATCH (v:Review)
WHERE v.state = 'OPEN' AND v.kind = $kind
RETURN v.id AS id
LIMIT 1
