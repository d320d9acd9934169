// What source records name as their references.
// mode: read
// in:   keys  of source records
// out:  key
//       references  attribute and key of what it names
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})-[t:REFERS_TO]->(n:Referent)
RETURN key, collect([t.attribute, n.key]) AS references
