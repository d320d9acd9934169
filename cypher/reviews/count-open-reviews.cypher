// Open reviews by kind.
// mode: read
// in:   none
// out:  kind
//       reviews
MATCH (v:Review {state: 'OPEN'})
RETURN v.kind AS kind, count(*) AS reviews
