// Changes with an open intent on one of the records, and open creates of their systems.
// mode: read
// in:   targets
//       systems  of the targets
// out:  properties
MATCH (c:OutboundChange)
WHERE c.state IN ['SENDING', 'VERIFYING']
  AND c.system IN $systems
  AND (c.target IS NULL OR c.target IN $targets)
RETURN properties(c) AS properties
ORDER BY c.key
