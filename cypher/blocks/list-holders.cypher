// Source records that hold a block key.
// mode: read
// in:   value
//       limit
// out:  key
MATCH (:BlockKey {value: $value})<-[:HAS_KEY]-(r:SourceRecord)
RETURN r.key AS key
ORDER BY r.system, r.type, r.externalId
LIMIT $limit
