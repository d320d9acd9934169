// Keeps a secret unless there is one.
// mode: write
// in:   candidate
// out:  value  the one that counts
MERGE (s:Secret {name: 'erasures'})
  ON CREATE SET s.value = $candidate
RETURN s.value AS value
