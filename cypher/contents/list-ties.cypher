// All relationships; asked of a graph without records only.
// mode: read
// in:   none
// out:  from
//       to
//       type
//       properties
MATCH (a)-[r]->(b)
RETURN elementId(a) AS from, elementId(b) AS to, type(r) AS type, properties(r) AS properties
