// Changes with an open intent that was sent before an instant, by system. Reads no others than open ones.
// mode: read
// in:   sentBefore
// out:  system
//       changes
//       oldestSentAt
MATCH (c:OutboundChange)
WHERE c.state IN ['SENDING', 'VERIFYING']
  AND c.system IS NOT NULL
  AND c.sentAt < $sentBefore
RETURN c.system AS system, count(*) AS changes, min(c.sentAt) AS oldestSentAt
ORDER BY system
