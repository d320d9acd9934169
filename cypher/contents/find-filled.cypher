// Something that keeps a graph from being filled by a first load: a record, or what follows from records.
// mode: read
// in:   none
// out:  name
MATCH (n:SourceRecord|GoldenRecord|GoldenRevision|RecordRevision|BlockKey|MergeEvent|Review|ReviewSubject|OutboundChange)
RETURN labels(n)[0] AS name
LIMIT 1
