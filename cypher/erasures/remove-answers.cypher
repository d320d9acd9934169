// Forgets answers that hold one of some texts.
// mode: write
// in:   texts
// out:  removed
MATCH (a:Answer)
WHERE any(text IN $texts WHERE a.body CONTAINS text)
DELETE a
RETURN count(*) AS removed
