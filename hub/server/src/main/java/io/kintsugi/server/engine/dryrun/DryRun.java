package io.kintsugi.server.engine.dryrun;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Records.Count;
import io.kintsugi.server.engine.dryrun.DryReport.Guard;
import io.kintsugi.server.engine.schema.Schemas;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Finds out what a change would lead to, to the last write, by making it in a copy of the hub and letting the engine itself work there
 * until it comes to rest (SYN-11). Systems are read, if the change asks for it, and never written: what would be sent is noted instead.
 * What is under way in the hub anyway is brought to its end first, so that the result is what the change adds to it.
 *
 * <p>Every write is taken to succeed, and every system to store exactly what it is sent. The time stands still, but for the few minutes
 * in which writes are tried again: what waits for a day is told as waiting. Takes memory for the whole copy and refuses a hub that is too
 * big for that. Thread-safe; each run is for one thread.
 */
public final class DryRun {
    /** How many changes are listed at most; more are counted. */
    public static final int MOST = 100_000;

    /** Measured: what a record takes in a copy, with its golden, its links and what is noted of it. */
    private static final long BYTES_PER_RECORD = 8_000;

    final HubStore hub;
    final LiveModel live;
    private final Clock clock;
    final Reach reach;
    private final long mostRecords;

    /** How systems are reached. */
    public interface Reach {
        /** Opens a connector that nobody else uses, and that keeps what it must remember apart from the hub's own. */
        Connector open(SystemConfig system) throws ConnectorException;

        /** What a system was last seen to offer; null if it is not known. */
        Catalog catalog(String system);
    }

    /**
     * What is tried.
     *
     * @param read systems that are read whole, as if for the first time
     * @param publish publishes new documents in the store it is given, as in that of a hub
     * @param decide decides something else, as people would in the hub
     * @param rematch lets wait for resolution what was decided by other documents
     */
    public record Change(
            Set<String> read, Function<HubStore, HubModel> publish, Consumer<Copy> decide, Consumer<HubStore> rematch) {
        /** A change that publishes documents, and nothing else. */
        public Change(Set<String> read, Function<HubStore, HubModel> publish, Consumer<HubStore> rematch) {
            this(read, publish, copy -> {}, rematch);
        }

        /** The first reading of systems that are configured. */
        public static Change reading(Set<String> systems, HubModel model) {
            return new Change(systems, store -> model, store -> {});
        }
    }

    /** The copy that a dry run works in, with what is live there. */
    public record Copy(HubStore store, LiveModel model, Schemas schemas, Clock clock) {}

    /** What a dry run is doing. */
    public enum Stage {
        /** Copying what the hub knows. */
        COPYING,
        /** Reading systems. */
        READING,
        /** Finding out what is the same, and which values survive. */
        RESOLVING,
        /** Finding out what would be sent. */
        SENDING,
        /** Comparing the copy with what it was. */
        COMPARING
    }

    /** Told how far a dry run is. Both may throw {@link java.util.concurrent.CancellationException}, which ends it. */
    public interface Watch {
        /** @param total how much there is; 0 if that is not known */
        void at(Stage stage, long done, long total);

        /** Called often. */
        void still();
    }

    public DryRun(HubStore hub, LiveModel live, Clock clock, Reach reach) {
        this(hub, live, clock, reach, roomFor());
    }

    /** @param mostRecords of a hub that is copied; a larger one is refused */
    public DryRun(HubStore hub, LiveModel live, Clock clock, Reach reach, long mostRecords) {
        this.hub = hub;
        this.live = live;
        this.clock = clock;
        this.reach = reach;
        this.mostRecords = mostRecords;
    }

    private static long roomFor() {
        var runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        return Math.max(0, (runtime.maxMemory() - used) * 3 / 4 / BYTES_PER_RECORD);
    }

    /**
     * Makes a dry run. Changes nothing in the hub, and writes nothing in any system.
     *
     * @throws HubException with {@code NOT_POSSIBLE} if the hub is too big for it, {@code BAD_CONFIGURATION} if the documents are wrong
     */
    public DryReport run(Change change, Watch watch) {
        long records = hub.read(tx -> tx.records().counts()).stream()
                .mapToLong(Count::records)
                .sum();
        requireRoom(records);
        long before = hub.read(tx -> tx.goldens().feedEnd());
        var now = clock.instant();
        var published = new LiveModel(live.published());
        var copy = new HubCopy(hub, published, now, change.read(), watch).make();
        boolean wentOn = before != hub.read(tx -> tx.goldens().feedEnd());
        try (var run = new Rehearsal(this, copy, published, now, records, watch)) {
            if (wentOn) {
                run.warn(
                        Guard.HUB_WENT_ON,
                        null,
                        "the hub changed goldens while it was copied; what it did then may be told here as well");
            }
            return run.report(change);
        }
    }

    void requireRoom(long records) {
        if (records <= mostRecords) return;
        throw new HubException(
                HubErrorCode.NOT_POSSIBLE,
                "a dry run of " + records + " records does not fit into memory: there is room for " + mostRecords
                        + "; start the hub with more, for example java -Xmx"
                        + (records * BYTES_PER_RECORD * 2 / 1_000_000_000 + 2) + "g");
    }
}
