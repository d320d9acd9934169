// Changes with an open intent on one of the records, and open creates of their systems.
// mode: read
// in:   targets
//       systems
// out:  properties
MATCH (c:OutboundChange)
WHERE c.state IN ['SENDING', 'VERIFYING']
  AND (c.target IN $targets OR (c.target IS NULL AND c.system IN $systems))
RETURN properties(c) AS properties
ORDER BY c.key
