// What is due for one cause is found by its time, however much waits for others.
CREATE INDEX outbound_change_cause IF NOT EXISTS FOR (n:OutboundChange) ON (n.system, n.cause, n.attentionAt);
