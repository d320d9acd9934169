package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
            var system = history.systems.get(id);
            for (var row : system.rows().values()) {
                var key = new RecordKey(id, "contact", row.id());
                row.cells().forEach((field, cell) -> {
                    if (cell.byHub() || cell.value() == null || cell.at().isAfter(returned)) return;
                    if (!knows(key, field, cell.value())) {
                        history.violate(
                                "BARRIER",
                                "a write to " + effect.system() + " before " + key + " " + field + " = " + cell.value()
                                        + " was read");
                    }
                });
            }
        }
        returned = null;
        reachable.clear();
    }

    private boolean knows(RecordKey key, String field, String value) {
        return history.store.read(tx -> {
            var known = tx.records().find(List.of(key)).get(key);
            if (known == null || known.state() == RecordState.DELETED) return false;
            var held = known.attributes().getOrDefault(field, "");
            if (held.strip().equals(value.strip())) return true;
            var change =
                    tx.outbox().find(List.of(OutboundChange.updateKey(key))).get(OutboundChange.updateKey(key));
            return change != null && change.open(); // left alone until it is known whose it is
        });
    }
}
