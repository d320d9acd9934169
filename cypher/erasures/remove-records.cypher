// Removes source records with their former values, and their names as far as nobody names them.
// mode: write
// in:   keys
// out:  removed
//       former  number of former values
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})
OPTIONAL MATCH (r)-[:WAS]->(v:RecordRevision)
OPTIONAL MATCH (n:Referent {key: key})
WHERE NOT EXISTS { (n)<-[:REFERS_TO]-() }
WITH collect(DISTINCT r) AS records, collect(DISTINCT v) AS former, collect(DISTINCT n) AS names
WITH records, former, names, size(records) AS removed, size(former) AS formerValues
FOREACH (v IN former | DETACH DELETE v)
FOREACH (n IN names | DETACH DELETE n)
FOREACH (r IN records | DETACH DELETE r)
RETURN removed, formerValues AS former
