package io.kintsugi.server.api;

import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenRevision.ValueChange;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.List;

/**
 * One change of one golden, in its history and in the feed.
 *
 * @param label name of the golden as it is now; only in events
 * @param golden the golden as it is now; only where it was asked for
 */
record ChangeView(
        String goldenId,
        String type,
        long sequence,
        long revision,
        Instant at,
        Cause cause,
        List<ValueChange> changed,
        List<RecordKey> joined,
        List<RecordKey> left,
        String counterpart,
        String policies,
        String label,
        GoldenView golden) {
    static ChangeView of(GoldenRevision change) {
        return of(change, null, null);
    }

    static ChangeView of(GoldenRevision change, String label, GoldenView golden) {
        return new ChangeView(
                change.goldenId(),
                change.entityType(),
                change.sequence(),
                change.revision(),
                change.at(),
                change.cause(),
                change.changed(),
                change.joined(),
                change.left(),
                change.counterpart(),
                change.policies(),
                label,
                golden);
    }
}
