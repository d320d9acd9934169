package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.store.HubTransaction;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Whose turn it is in a system whose quota is not enough for all that is due (SYN-9): the most urgent {@link Cause} first, within it what
 * has waited longest. One change in {@value #SHARE} is what has waited longest of all, whatever its cause, so nothing waits for ever.
 * Changes of one record are one entry of the outbox, so their order stays what it was.
 */
public final class Turns {
    public static final int SHARE = 5;
    static final int BATCH = 200;
    private static final int LEAST = 20;

    private Turns() {}

    /** Few at a time where a system takes few at a time, so that what is urgent need not wait for a long batch. */
    static int most(Collection<StreamDef> described) {
        int largest = described.stream()
                .mapToInt(stream -> stream.can().writing().maxBatch())
                .max()
                .orElse(BATCH);
        return Math.max(LEAST, Math.min(BATCH, largest));
    }

    /**
     * Locks and returns what goes next, at most {@code most}.
     *
     * @param creates as in {@link io.kintsugi.core.store.Outbox#due}
     */
    static List<OutboundChange> next(HubTransaction tx, String system, Instant now, boolean creates, int most) {
        var next = new LinkedHashMap<String, OutboundChange>();
        int share = Math.max(1, most / SHARE);
        take(next, tx.outbox().due(system, now, creates, share), most);
        if (next.size() < share) return List.copyOf(next.values()); // that is all
        for (var cause : Cause.values()) {
            int room = next.size() < most ? most : 0; // what was taken already may be found again
            take(next, tx.outbox().due(system, cause, now, creates, room), most);
        }
        return List.copyOf(next.values());
    }

    private static void take(LinkedHashMap<String, OutboundChange> next, Collection<OutboundChange> due, int most) {
        for (var change : due) if (next.size() < most) next.putIfAbsent(change.key(), change);
    }
}
