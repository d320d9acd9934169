// Something that keeps a graph from being filled by a first load: a record, what follows from records, or what was erased.
// mode: read
// in:   none
// out:  name
MATCH (n:SourceRecord|GoldenRecord|GoldenRevision|RecordRevision|BlockKey|MergeEvent|Review|ReviewSubject|OutboundChange|Erasure)
RETURN labels(n)[0] AS name
LIMIT 1
