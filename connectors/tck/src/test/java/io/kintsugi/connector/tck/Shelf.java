package io.kintsugi.connector.tck;

import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The smallest system there is: records in memory and a numbered log of what happened to them. */
final class Shelf implements Subject {
    /** A way to break the contract. */
    enum Fault {
        NONE,
        LOSES_A_CHANGE_AT_THE_BOUNDARY,
        TELLS_A_PAGE_TWICE,
        FORGETS_TO_OFFER_SNAPSHOTS,
        OVERWRITES_FIELDS_NOBODY_NAMED,
        ANSWERS_ONLY_THE_OPS_THAT_WORKED,
        CALLS_UNKNOWN_IDS_DELETED,
        READS_FOREIGN_POSITIONS,
        DECLARES_DELETES_IT_REFUSES,
        TAKES_STALE_UPDATES
    }

    record Event(String id, boolean delete) {}

    final Fault fault;
    final Map<String, Map<String, Object>> records = new LinkedHashMap<>();
    final List<Event> log = new ArrayList<>();
    private int ids;

    Shelf(Fault fault) {
        this.fault = fault;
    }

    @Override
    public ConnectorFactory factory() {
        return new Factory();
    }

    @Override
    public Map<String, Object> settings() {
        return Map.of("shelf", this);
    }

    @Override
    public Clock clock() {
        return Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    }

    @Override
    public String stream() {
        return "thing";
    }

    @Override
    public List<String> textFields() {
        return List.of("name", "colour");
    }

    @Override
    public String linkKeyField() {
        return "key";
    }

    @Override
    public String create(Map<String, String> fields) {
        String id = "" + ++ids;
        Map<String, Object> record = new LinkedHashMap<>();
        for (String field : List.of("key", "name", "colour")) record.put(field, fields.get(field));
        records.put(id, record);
        log.add(new Event(id, false));
        return id;
    }

    @Override
    public void edit(String id, Map<String, String> fields) {
        records.get(id).putAll(fields);
        log.add(new Event(id, false));
    }

    @Override
    public void delete(String id) {
        records.remove(id);
        log.add(new Event(id, true));
    }

    @Override
    public Optional<Map<String, String>> read(String id) {
        if (!records.containsKey(id)) return Optional.empty();
        Map<String, String> texts = new LinkedHashMap<>();
        records.get(id).forEach((field, value) -> texts.put(field, (String) value));
        return Optional.of(texts);
    }

    @Override
    public void settle() {
        // every change is visible at once
    }

    @Override
    public void close() {
        records.clear();
    }

    /** Opens connectors to a shelf. */
    public static final class Factory implements ConnectorFactory {
        @Override
        public ConnectorSpec spec() {
            var shelf = new ConnectorSpec.Setting("shelf", true, false, "The shelf itself.");
            return new ConnectorSpec("shelf", "Shelf in memory", List.of(shelf));
        }

        @Override
        public Connector open(String system, Map<String, Object> settings, ConnectorContext context)
                throws ConnectorException {
            if (settings.get("shelf") instanceof Shelf shelf) return new ShelfConnector(system, shelf);
            throw new ConnectorException.Misconfigured("setting shelf is missing");
        }
    }
}
