// Erasures that are not done.
// mode: read
// in:   none
// out:  properties
MATCH (e:Erasure)
WHERE e.state IN ['RUNNING', 'REMOVED']
RETURN properties(e) AS properties
ORDER BY e.id
