package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Merger;
import io.kintsugi.connector.spi.Merger.MergeCommand;
import io.kintsugi.connector.spi.Merger.MergeResult;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.core.model.OutboundChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Merges one record into another by the system's own merge, and says what is known afterwards. */
final class NativeMerge {
    /** How long to wait before the system is asked what became of a merge of which it did not say so. */
    private static final Duration ASK_AFTER = Duration.ofSeconds(2);

    private NativeMerge() {}

    /**
     * @param merger null if the system has none after all
     * @throws ConnectorException only when nothing can have been merged
     */
    static Outcome ask(Merger merger, String stream, OutboundChange change, Instant now) throws ConnectorException {
        if (merger == null) return new Outcome.Stuck(change.system() + " cannot merge records");
        var intent = change.intent();
        var result = merger.merge(new MergeCommand(
                intent.id(),
                new RecordId(stream, intent.into().externalId()),
                List.of(new RecordId(stream, change.target().externalId())),
                Map.of(),
                Set.of()));
        if (result instanceof MergeResult.Done) return new Outcome.Folded();
        if (result instanceof MergeResult.Rejected rejected) return Reply.refused(rejected.error());
        if (result instanceof MergeResult.Pending pending) {
            return new Outcome.Unknown("the system works on the merge", now.plus(pending.pollAfter()), false);
        }
        return new Outcome.Unknown(((MergeResult.Ambiguous) result).why(), now.plus(ASK_AFTER), false);
    }
}
