// Source records by system, entity type and state.
// mode: read
// in:   none
// out:  system
//       type
//       state
//       records
MATCH (r:SourceRecord)
RETURN r.system AS system, r.type AS type, r.state AS state, count(*) AS records
