// Those of some hashes that may not come back, each with one of its erasures.
// mode: read
// in:   hashes
// out:  hash
//       erasureId
UNWIND $hashes AS hash
MATCH (s:Suppression {hash: hash})
RETURN hash, min(s.erasureId) AS erasureId
