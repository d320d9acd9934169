package io.kintsugi.server.engine.erasure;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.Means;
import io.kintsugi.core.model.Erasure.StepState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.outbound.Dispatcher;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Asks a system whether records that were to go are gone. What it answers is looked at and not stored. */
final class ErasureLook {
    /** A system that says it has deleted a record may go on showing it for so long. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration LATER = Duration.ofHours(1);
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final Consumer<Erasure> changed;

    ErasureLook(HubStore store, LiveModel model, Clock clock, Consumer<Erasure> changed) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.changed = changed;
    }

    boolean look(Dispatcher.Outlet outlet) throws ConnectorException {
        var asked = new TreeMap<String, TreeSet<String>>(); // ids by stream
        var erasures = store.read(tx -> tx.erasures().open());
        for (var erasure : erasures) {
            for (var step : erasure.steps()) {
                if (due(outlet, step)) {
                    asked.computeIfAbsent(step.stream(), s -> new TreeSet<>()).add(step.externalId());
                }
            }
        }
        boolean known = false;
        for (var entry : asked.entrySet()) {
            var stream = mapping(outlet, entry.getKey());
            if (stream == null) continue;
            var query = new Query(stream.stream(), outlet.translator(stream).fields());
            known |= take(outlet, entry.getKey(), outlet.connector().lookups().byId(query, entry.getValue()));
        }
        return known;
    }

    private boolean due(Dispatcher.Outlet outlet, Erasure.Step step) {
        return step.system().equals(outlet.system())
                && step.lookAt() != null
                && !step.lookAt().isAfter(clock.instant());
    }

    private StreamMapping mapping(Dispatcher.Outlet outlet, String stream) {
        return model.get().system(outlet.system()).stream()
                .flatMap(config -> config.streams().stream())
                .filter(mapping -> mapping.stream().equals(stream))
                .findFirst()
                .orElse(null);
    }

    private boolean take(Dispatcher.Outlet outlet, String stream, Map<String, Lookup> answers) {
        var now = clock.instant();
        var saved = store.write(tx -> {
            var ids = new TreeSet<String>();
            tx.erasures().open().forEach(erasure -> ids.add(erasure.id()));
            var after = new HashMap<String, Erasure>();
            tx.erasures().lock(ids).forEach((id, erasure) -> {
                var next = erasure.withSteps(
                        step -> due(outlet, step) && step.stream().equals(stream)
                                ? looked(step, answers.get(step.externalId()), now)
                                : step,
                        now);
                if (!next.equals(erasure)) after.put(id, next);
            });
            tx.erasures().save(after.values());
            return List.copyOf(after.values());
        });
        saved.forEach(changed);
        return !saved.isEmpty();
    }

    private static Erasure.Step looked(Erasure.Step step, Lookup answer, Instant now) {
        if (answer instanceof Lookup.Gone && step.means() != Means.ARCHIVE) {
            return step.to(StepState.CONFIRMED, step.why(), now);
        }
        if (answer instanceof Lookup.Found && step.state() == StepState.TOLD) {
            return step.at().plus(PATIENCE).isAfter(now)
                    ? step.later(now.plus(SOON))
                    : step.to(StepState.BY_HAND, step.system() + " still shows it after it said it was gone", now)
                            .later(now.plus(LATER));
        }
        if (answer instanceof Lookup.MergedInto) {
            return step.to(
                            StepState.BY_HAND,
                            "it went into another record of " + step.system() + "; see to that one",
                            now)
                    .later(now.plus(LATER));
        }
        return step.later(now.plus(LATER));
    }
}
