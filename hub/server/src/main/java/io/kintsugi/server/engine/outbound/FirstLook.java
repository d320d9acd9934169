package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.engine.outbound.Dispatch.Sendable;
import io.kintsugi.server.engine.outbound.Settlement.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Looks right before a create whether the system has a record already that holds what identifies the thing, and that the hub does not
 * know yet: somebody may have entered it since the system was read. Such a record is taken in and matched first; what becomes of the
 * create is decided again when that is done. A record that the hub knows is in nobody's way: it was matched, and is not this thing.
 */
final class FirstLook {
    private final HubStore store;
    private final Dispatcher.Outlet outlet;
    private final StreamMapping stream;
    private final List<FieldMapping> keys;

    /** @param description null if unknown: then nothing can be looked up */
    FirstLook(
            HubStore store,
            Dispatcher.Outlet outlet,
            StreamMapping stream,
            StreamDef description,
            Function<String, AttributeType> types) {
        this.store = store;
        this.outlet = outlet;
        this.stream = stream;
        this.keys = stream.fields().stream()
                .filter(field -> field.writable() && Outbound.identifies(types.apply(field.attribute())))
                .filter(field -> description != null
                        && description.fields().stream()
                                .filter(FieldDef::usableAsKey)
                                .anyMatch(def -> def.name().equals(field.field())))
                .toList();
    }

    /** What stands in the way of creates; those that are not named may be sent. */
    List<Finding> take(List<Sendable> creates) throws ConnectorException {
        var found = new ArrayList<Finding>();
        if (creates.isEmpty()) return found;
        var there = new LinkedHashMap<Sendable, Map<String, String>>();
        for (var key : keys) look(key, creates, there);
        there.forEach((create, fieldById) -> {
            var why = outlet.system() + " has a record with the same "
                    + String.join(", ", new TreeSet<>(fieldById.values())) + " already, which is taken in first: "
                    + String.join(", ", fieldById.keySet());
            found.add(new Finding(create.change(), null, new Outcome.InTheWay(why, List.copyOf(fieldById.keySet()))));
        });
        return found;
    }

    private void look(FieldMapping key, List<Sendable> creates, Map<Sendable, Map<String, String>> there)
            throws ConnectorException {
        var values = new LinkedHashMap<Sendable, String>();
        for (var create : creates) {
            var value = written(key, create);
            if (!value.isBlank()) values.put(create, value);
        }
        if (values.isEmpty()) return;
        var query = new Query(stream.stream(), outlet.translator(stream).fields());
        var answers = outlet.connector().lookups().byKey(query, key.field(), new TreeSet<>(values.values()));
        values.forEach((create, value) -> {
            for (var id : strangers(answers.getOrDefault(value, List.of()))) {
                there.computeIfAbsent(create, c -> new LinkedHashMap<>()).put(id, key.field());
            }
        });
    }

    private String written(FieldMapping key, Sendable create) {
        var canonical = create.change().intent().values().getOrDefault(key.attribute(), "");
        try {
            return canonical.isEmpty() ? "" : outlet.translator(stream).written(key, canonical);
        } catch (IllegalArgumentException e) { // it is parked where it is made ready to be sent
            return "";
        }
    }

    private List<String> strangers(List<NativeRecord> records) {
        if (records.isEmpty()) return List.of();
        var translator = outlet.translator(stream);
        var byKey = new LinkedHashMap<RecordKey, String>();
        for (var record : records)
            byKey.put(translator.key(record.id().id()), record.id().id());
        var known = store.read(tx -> tx.records().find(byKey.keySet()));
        known.values().stream()
                .filter(record -> record.state() != RecordState.DELETED)
                .forEach(record -> byKey.remove(record.key()));
        return List.copyOf(byKey.values());
    }
}
