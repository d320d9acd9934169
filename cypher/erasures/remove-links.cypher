// Removes all links of records, verdicts too.
// mode: write
// in:   keys
// out:  removed
UNWIND $keys AS key
MATCH (:SourceRecord {key: key})-[l:LINKED]-(:SourceRecord)
WITH collect(DISTINCT l) AS found
WITH found, size(found) AS removed
FOREACH (l IN found | DELETE l)
RETURN removed
