package io.kintsugi.server.api;

import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;

/** Something that must be, or was last, written to a system. */
record OutboundView(
        String key,
        String goldenId,
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
        Instant updatedAt) {
    static OutboundView of(OutboundChange change) {
        return new OutboundView(
                change.key(),
                change.goldenId(),
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
                change.updatedAt());
    }
}
