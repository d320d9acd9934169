// Ties copied nodes as another graph had them.
// mode: write
// in:   rows      each: from, to, type, properties
// out:  tied
UNWIND $rows AS row
MATCH (a) WHERE elementId(a) = row.from
MATCH (b) WHERE elementId(b) = row.to
CREATE (a)-[r:$(row.type)]->(b)
SET r = row.properties
RETURN count(*) AS tied
