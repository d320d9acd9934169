// Keeps hashes of what may not come back.
// mode: write
// in:   rows  key, hash, erasureId
// out:  none
UNWIND $rows AS row
MERGE (s:Suppression {key: row.key})
  ON CREATE SET s.hash = row.hash, s.erasureId = row.erasureId
