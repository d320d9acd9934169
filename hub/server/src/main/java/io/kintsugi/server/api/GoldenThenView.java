package io.kintsugi.server.api;

import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.explain.GoldenThen;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A golden record as it was: what {@link GoldenView} shows, as far as histories tell.
 *
 * @param values none: why each was chosen is not kept
 * @param policies under which versions of the policies it had last changed
 * @param since since when each value was so, and which record had brought it
 * @param held what its records held, by key
 */
record GoldenThenView(
        String id,
        String type,
        GoldenState state,
        long revision,
        String label,
        Map<String, String> attributes,
        Map<String, GoldenValue> values,
        Map<String, GoldenView.Referred> references,
        List<RecordKey> records,
        List<String> systems,
        String redirectedFrom,
        String redirectsTo,
        Instant createdAt,
        Instant updatedAt,
        Instant asOf,
        String policies,
        Map<String, Since> since,
        Map<String, Map<String, String>> held) {
    record Since(Instant at, RecordKey from) {}

    /**
     * @throws HubException with {@code NOT_FOUND} if the id was not used yet
     * @throws Refused with {@code NOT_FOUND} if the id is unknown, with {@code GONE} if the golden was erased
     */
    static GoldenThenView of(HubTransaction tx, HubModel model, String asked, Instant at, boolean follow) {
        GoldenReader.load(tx, asked);
        var then = GoldenThen.of(tx, asked, at, follow);
        GoldenReader.load(tx, then.id());
        var attributes = new TreeMap<String, String>();
        var since = new TreeMap<String, Since>();
        then.values().forEach((name, value) -> {
            attributes.put(name, value.value());
            since.put(name, new Since(value.at(), value.from()));
        });
        var held = new TreeMap<String, Map<String, String>>();
        then.held().forEach((key, values) -> held.put(key.toString(), new TreeMap<>(values)));
        return new GoldenThenView(
                then.id(),
                then.entityType(),
                then.state(),
                then.revision(),
                then.label(),
                attributes,
                Map.of(),
                references(tx, model, then, at),
                then.records(),
                then.records().stream()
                        .map(RecordKey::system)
                        .distinct()
                        .sorted()
                        .toList(),
                then.id().equals(asked) ? null : asked,
                then.redirectsTo(),
                then.createdAt(),
                then.updatedAt(),
                at,
                then.policies(),
                since,
                held);
    }

    private static Map<String, GoldenView.Referred> references(
            HubTransaction tx, HubModel model, GoldenThen then, Instant at) {
        var references = model.entityType(then.entityType()).references();
        if (references.isEmpty()) return null;
        var referred = new TreeMap<String, GoldenView.Referred>();
        for (var reference : references) {
            var value = then.values().get(reference.name());
            if (value == null) continue;
            GoldenThen.find(tx, value.value(), at, true)
                    .ifPresent(to -> referred.put(
                            reference.name(),
                            new GoldenView.Referred(to.id(), to.entityType(), to.state(), to.label())));
        }
        return referred;
    }
}
