// Makes nodes as another graph had them, and says who is who.
// mode: write
// in:   rows      each: id, labels, properties
// out:  former
//       id
UNWIND $rows AS row
CREATE (n:$(row.labels))
SET n = row.properties
RETURN row.id AS former, elementId(n) AS id
