// How many reviews of a kind are open about an entity type.
// mode: read
// in:   kind
//       type
// out:  reviews
MATCH (v:Review)
WHERE v.state = 'OPEN' AND v.kind = $kind AND v.type = $type
RETURN count(*) AS reviews
