package io.kintsugi.server.engine.shared;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Records.Retained;
import io.kintsugi.server.connector.MarkingConnector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps in the hub, with its record, what a field held before it said that the record is deleted. */
public record FormerMarks(HubStore store) implements MarkingConnector.Memory {
    @Override
    public void keep(RecordKey record, String field, String value) {
        store.write(tx -> {
            var fields = new HashMap<>(tx.records().retained(List.of(record)).getOrDefault(record, Map.of()));
            fields.put(field, new Retained(value, null));
            tx.records().retain(Map.of(record, fields));
            return null;
        });
    }

    @Override
    public Optional<String> kept(RecordKey record, String field) {
        return store
                .read(tx -> tx.records().retained(List.of(record)))
                .getOrDefault(record, Map.of())
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey().equals(field))
                .map(entry -> entry.getValue().value())
                .findFirst();
    }
}
