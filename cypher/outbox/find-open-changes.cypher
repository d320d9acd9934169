// Changes with an open intent on one of the records or of a merge into one, and open creates of their systems.
// mode: read
// in:   targets
//       systems  of the targets
// out:  properties
MATCH (c:OutboundChange)
WHERE c.state IN ['SENDING', 'VERIFYING']
  AND c.system IN $systems
  AND (c.target IS NULL OR c.target IN $targets OR c.into IN $targets)
RETURN properties(c) AS properties
ORDER BY c.key
