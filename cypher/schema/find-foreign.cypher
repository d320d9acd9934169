// Something that bears one of the hub's names; asked only of a graph that the hub has never migrated.
// mode: read
// in:   none
// out:  name
MATCH (n:SourceRecord|GoldenRecord|GoldenRevision|RecordRevision|BlockKey|MergeEvent|Review|ReviewSubject|OutboundChange|Checkpoint|Run|Policy|PolicyVersion|Answer|Sequence)
RETURN labels(n)[0] AS name
LIMIT 1
