package io.kintsugi.server.api;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Something that must be, or was last, written to a system.
 *
 * @param label name of the golden as it is now; null if it is not known any more
 */
record OutboundView(
        String key,
        String goldenId,
        String label,
        String system,
        String type,
        RecordKey target,
        OutboundState state,
        boolean dirty,
        Instant markedAt,
        Instant dueAt,
        int attempts,
        Instant leaseUntil,
        Intent intent,
        String problem,
        Instant updatedAt,
        Cause cause) {
    /** Views of changes, named after their goldens, which are read in one go. */
    static List<OutboundView> of(HubTransaction tx, Collection<OutboundChange> changes) {
        var ids = new TreeSet<String>();
        changes.forEach(change -> ids.add(change.goldenId()));
        var goldens = tx.goldens().find(ids);
        return changes.stream()
                .map(change -> of(change, goldens.get(change.goldenId())))
                .toList();
    }

    static OutboundView of(HubTransaction tx, OutboundChange change) {
        return of(tx, List.of(change)).get(0);
    }

    private static OutboundView of(OutboundChange change, GoldenRecord goldenOrNull) {
        return new OutboundView(
                change.key(),
                change.goldenId(),
                goldenOrNull == null ? null : goldenOrNull.label(),
                change.system(),
                change.entityType(),
                change.target(),
                change.state(),
                change.dirty(),
                change.markedAt(),
                change.dueAt(),
                change.attempts(),
                change.leaseUntil(),
                change.intent(),
                change.problem(),
                change.updatedAt(),
                change.cause());
    }
}
