// Adds changes of golden records to history and feed. The lock on the sequence is held until commit, so numbers grow in commit order.
// mode: write
// in:   rows  id, place (from 1), properties
// out:  added
MERGE (s:Sequence {name: 'feed'})
SET s:Sequence
WITH s, coalesce(properties(s).value, 0) AS last
SET s.value = last + size($rows)
WITH last
UNWIND $rows AS row
MATCH (g:GoldenRecord {id: row.id})
CREATE (g)-[:WAS]->(v:GoldenRevision)
SET v = row.properties
SET v.sequence = last + row.place
RETURN count(*) AS added
