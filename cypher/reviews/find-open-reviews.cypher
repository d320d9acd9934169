// Open reviews about one of the source records.
// mode: read
// in:   keys
// out:  properties
UNWIND $keys AS key
MATCH (:ReviewSubject {key: key})<-[:ABOUT]-(v:Review)
WHERE v.state = 'OPEN'
WITH DISTINCT v
RETURN properties(v) AS properties
ORDER BY v.id
