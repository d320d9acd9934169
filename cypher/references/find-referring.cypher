// Source records that name others.
// mode: read
// in:   keys  of what is named
// out:  key
UNWIND $keys AS named
MATCH (:Referent {key: named})<-[:REFERS_TO]-(r:SourceRecord)
RETURN DISTINCT r.key AS key
