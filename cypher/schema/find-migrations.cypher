// Scripts that were applied to this graph.
// mode: read
// in:   none
// out:  version
//       checksum
MATCH (m:_Migration)
RETURN m.version AS version, m.checksum AS checksum
ORDER BY version
