// Source records that share a block key with one of the given ones.
// mode: read
// in:   keys
// out:  key
//       other
//       value  the smallest key they share
UNWIND $keys AS key
MATCH (r:SourceRecord {key: key})-[:HAS_KEY]->(b:BlockKey)<-[:HAS_KEY]-(o:SourceRecord)
WHERE r.state <> 'DELETED' AND b.generic IS NULL AND o.state <> 'DELETED'
RETURN key, o.key AS other, min(b.value) AS value
