// Forgets the hashes of one erasure.
// mode: write
// in:   erasureId
// out:  removed
MATCH (s:Suppression {erasureId: $erasureId})
DELETE s
RETURN count(*) AS removed
