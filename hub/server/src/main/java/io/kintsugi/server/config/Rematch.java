package io.kintsugi.server.config;

import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Records;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Brings what is stored under rules that changed: all records of the entity type wait for resolution again, so that clusters and
 * values never depend on when a policy was published or a hub was renewed (ID-2). A hub may hold millions, so they are marked page by
 * page, each page in a transaction of its own together with the place it got to; what a crash interrupts goes on from there. It shows
 * as a run, which is done when the page after the last is asked for. Steward verdicts are facts like any other and stay (ID-4).
 */
final class Rematch {
    private static final String JOURNAL = "rematch"; // takes the place of a system in the checkpoint
    private static final String DONE = "done";
    private static final String MARKED = "marked";
    private static final int PAGE = 1_000;

    private final HubStore store;
    private final Clock clock;

    Rematch(HubStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** In the transaction that publishes: the records of the type are to be marked, from the first. Does nothing if there are none. */
    static void ask(HubTransaction tx, String entityType, Instant now) {
        var systems = systems(tx, entityType);
        if (systems.isEmpty()) return;
        tx.journal()
                .checkpoint(JOURNAL, entityType)
                .filter(text -> !text.equals(DONE))
                .flatMap(text -> tx.journal().run(Place.parse(text).run()))
                .ifPresent(run -> tx.journal()
                        .saveRun(ended(run, RunState.FAILED, now, "the rules changed once more; begun again")));
        var run = new Run(
                "run-" + ContentHash.of(Map.of("rematch", entityType, "at", now.toString())),
                "rematch",
                null,
                entityType,
                RunState.RUNNING,
                Map.of(MARKED, 0L),
                total(tx, entityType),
                now,
                null,
                null);
        tx.journal().saveRun(run);
        save(tx, entityType, new Place(run.id(), systems.first(), null), now);
    }

    /** Systems that hold records of a type which are not deleted. */
    static TreeSet<String> systems(HubTransaction tx, String entityType) {
        var systems = new TreeSet<String>();
        for (var count : counts(tx, entityType)) systems.add(count.system());
        return systems;
    }

    private static long total(HubTransaction tx, String entityType) {
        return counts(tx, entityType).stream().mapToLong(Records.Count::records).sum();
    }

    private static List<Records.Count> counts(HubTransaction tx, String entityType) {
        return tx.records().counts().stream()
                .filter(count ->
                        count.entityType().equals(entityType) && count.state().resolves())
                .toList();
    }

    /**
     * Marks the next page of what is asked for and not marked yet.
     *
     * @return the run as it is then; empty if there was nothing to do
     */
    Optional<Run> page(String entityType) {
        var waits = store.read(tx -> tx.journal().checkpoint(JOURNAL, entityType));
        if (waits.isEmpty() || waits.get().equals(DONE)) return Optional.empty();
        return store.write(tx -> {
            var text = tx.journal().checkpoint(JOURNAL, entityType).orElse(DONE);
            return text.equals(DONE) ? Optional.empty() : Optional.of(page(tx, entityType, Place.parse(text)));
        });
    }

    private Run page(HubTransaction tx, String entityType, Place at) {
        var now = clock.instant();
        var run = tx.journal().run(at.run()).orElseThrow();
        if (at.system().isEmpty()) {
            var done = ended(run, RunState.DONE, now, null);
            tx.journal().saveRun(done);
            tx.journal().saveCheckpoint(JOURNAL, entityType, DONE, now);
            return done;
        }
        var page = tx.records().list(at.system(), entityType, at.cursor(), PAGE);
        var marked = mark(tx, page.items());
        var next = at.system();
        if (page.next() == null) next = systems(tx, entityType).higher(at.system());
        save(tx, entityType, new Place(run.id(), next == null ? "" : next, page.next()), now);
        var counts = Map.of(MARKED, run.counts().getOrDefault(MARKED, 0L) + marked.size());
        var after = new Run(
                run.id(),
                run.kind(),
                null,
                run.stream(),
                RunState.RUNNING,
                counts,
                run.total(),
                run.startedAt(),
                null,
                null);
        tx.journal().saveRun(after);
        return after;
    }

    private static List<RecordKey> mark(HubTransaction tx, List<SourceRecord> records) {
        var keys = records.stream()
                .filter(record -> record.state().resolves())
                .map(SourceRecord::key)
                .toList();
        tx.records().markPending(keys);
        return keys;
    }

    private static void save(HubTransaction tx, String entityType, Place place, Instant now) {
        tx.journal().saveCheckpoint(JOURNAL, entityType, place.toString(), now);
    }

    private static Run ended(Run run, RunState state, Instant now, String problem) {
        return new Run(
                run.id(),
                run.kind(),
                run.system(),
                run.stream(),
                state,
                run.counts(),
                run.total(),
                run.startedAt(),
                now,
                problem);
    }

    /**
     * @param system to go on with; empty after the last
     * @param cursor page of the system to go on with; null for its first
     */
    private record Place(String run, String system, String cursor) {
        static Place parse(String text) {
            var parts = text.split(":", 3); // the ids of runs and systems have none
            return new Place(parts[0], parts[1], parts[2].isEmpty() ? null : parts[2]);
        }

        @Override
        public String toString() {
            return run + ":" + system + ":" + (cursor == null ? "" : cursor);
        }
    }
}
