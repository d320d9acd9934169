package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Row;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/**
 * Watches that a hub which was down for long writes nothing before it knows what people did meanwhile in every system that it can
 * reach (I19).
 */
final class Barrier {
    private final History history;
    private final Set<String> reachable = new HashSet<>();
    private Instant stopped;
    private Instant returned;

    Barrier(History history) {
        this.history = history;
    }

    void stops() {
        if (stopped == null) stopped = history.time.instant();
    }

    void starts() {
        var now = history.time.instant();
        boolean known = history.store.read(tx -> history.systems.keySet().stream()
                .allMatch(system -> tx.journal().checkpoint("contact", system).isPresent()));
        boolean long_ = stopped != null
                && stopped.plus(Recovery.SILENCE).plus(Duration.ofMinutes(1)).isBefore(now);
        if (known && long_) {
            returned = now;
            history.systems.keySet().stream()
                    .filter(s -> !history.weather.away(s))
                    .forEach(reachable::add);
        }
        stopped = null;
    }

    /** A system that goes away again need not be waited for. */
    void outage(String system) {
        reachable.remove(system);
    }

    /** The first write after the return shows it. */
    void effect(SimulatedSystem.Effect effect) {
        if (returned == null) return;
        for (var id : reachable) {
            var rows = history.systems.get(id).rows().values();
            history.store.read(tx -> {
                var keys = new TreeMap<RecordKey, Row>();
                rows.forEach(row -> keys.put(new RecordKey(id, "contact", row.id()), row));
                var known = tx.records().find(keys.keySet());
                var changes = tx.outbox()
                        .find(keys.keySet().stream()
                                .map(OutboundChange::updateKey)
                                .toList());
                keys.forEach((key, row) -> row.cells().forEach((field, cell) -> {
                    if (cell.byHub() || cell.value() == null || cell.at().isAfter(returned)) return;
                    if (!knows(known.get(key), changes.get(OutboundChange.updateKey(key)), field, cell.value())) {
                        history.violate(
                                "BARRIER",
                                "a write to " + effect.system() + " before " + key + " " + field + " = " + cell.value()
                                        + " was read");
                    }
                }));
                return null;
            });
        }
        returned = null;
        reachable.clear();
    }

    private static boolean knows(SourceRecord known, OutboundChange change, String field, String value) {
        if (known == null || known.state() == RecordState.DELETED) return false;
        var held = known.attributes().getOrDefault(field, "");
        if (held.strip().equals(value.strip())) return true;
        return change != null && change.open(); // left alone until it is known whose it is
    }
}
