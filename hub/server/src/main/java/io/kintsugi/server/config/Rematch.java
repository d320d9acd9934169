package io.kintsugi.server.config;

import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Records;
import java.time.Clock;
import java.time.Instant;
import java.util.TreeSet;

/**
 * Brings what is stored under a policy that changed: all records of the entity type wait for resolution again, so that clusters and
 * values never depend on when a policy was published (ID-2). A hub may hold millions, so they are marked page by page, each page in a
 * transaction of its own together with the place it got to; what a crash interrupts goes on from there.
 */
final class Rematch {
    private static final String JOURNAL = "rematch"; // takes the place of a system in the checkpoint
    private static final String DONE = "done";
    private static final int PAGE = 1_000;

    private final HubStore store;
    private final Clock clock;

    Rematch(HubStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** In the transaction that publishes: the records of the type are to be marked, from the first. */
    static void ask(HubTransaction tx, String entityType, Instant now) {
        tx.journal().saveCheckpoint(JOURNAL, entityType, new Place("", null).toString(), now);
    }

    /** Systems that hold records of a type which are not deleted. */
    static TreeSet<String> systems(HubTransaction tx, String entityType) {
        var systems = new TreeSet<String>();
        for (Records.Count count : tx.records().counts()) {
            if (count.entityType().equals(entityType) && count.state() != RecordState.DELETED) {
                systems.add(count.system());
            }
        }
        return systems;
    }

    /** Marks what is asked for and not marked yet. Doing it twice is the same as once. */
    void run(String entityType) {
        var place = store.read(tx -> tx.journal().checkpoint(JOURNAL, entityType));
        if (place.isEmpty() || place.get().equals(DONE)) return;
        var at = Place.parse(place.get());
        for (var system : store.read(tx -> systems(tx, entityType)).tailSet(at.system())) {
            var cursor = system.equals(at.system()) ? at.cursor() : null;
            do {
                cursor = markPage(entityType, system, cursor);
            } while (cursor != null);
        }
        save(entityType, DONE);
    }

    private String markPage(String entityType, String system, String cursor) {
        return store.write(tx -> {
            var page = tx.records().list(system, entityType, cursor, PAGE);
            tx.records()
                    .markPending(page.items().stream()
                            .filter(record -> record.state() != RecordState.DELETED)
                            .map(SourceRecord::key)
                            .toList());
            if (page.next() != null) {
                var place = new Place(system, page.next()).toString();
                tx.journal().saveCheckpoint(JOURNAL, entityType, place, clock.instant());
            }
            return page.next();
        });
    }

    private void save(String entityType, String position) {
        store.write(tx -> {
            tx.journal().saveCheckpoint(JOURNAL, entityType, position, clock.instant());
            return null;
        });
    }

    /** @param cursor page of the system to go on with; null for its first */
    private record Place(String system, String cursor) {
        static Place parse(String text) {
            int colon = text.indexOf(':'); // a system id has none
            var cursor = text.substring(colon + 1);
            return new Place(text.substring(0, colon), cursor.isEmpty() ? null : cursor);
        }

        @Override
        public String toString() {
            return system + ":" + (cursor == null ? "" : cursor);
        }
    }
}
