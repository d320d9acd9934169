// Forgets answers given before an instant.
// mode: write
// in:   before
// out:  none
MATCH (a:Answer)
WHERE a.at < $before
DELETE a
