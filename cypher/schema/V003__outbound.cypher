// What needs attention is found by its time. Statements end with a semicolon at the end of a line; each runs on its own.
CREATE INDEX outbound_change_attention_at IF NOT EXISTS FOR (n:OutboundChange) ON (n.system, n.attentionAt);
MATCH (c:OutboundChange)
WHERE c.state IN ['DUE', 'SENDING', 'VERIFYING']
SET c.attentionAt = CASE WHEN c.state <> 'DUE' AND c.leaseUntil IS NOT NULL THEN c.leaseUntil ELSE c.dueAt END;
