// Open reviews by kind.
// mode: read
// in:   none
// out:  kind
//       reviews
MATCH (v:Review)
WHERE v.state = 'OPEN' AND v.kind IS NOT NULL
RETURN v.kind AS kind, count(*) AS reviews
