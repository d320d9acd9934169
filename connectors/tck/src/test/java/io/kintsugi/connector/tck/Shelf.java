package io.kintsugi.connector.tck;

import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The smallest system there is: records in memory and a numbered log of what happened to them. */
final class Shelf implements Subject {
    enum What {
        PUT,
        DELETED,
        MERGED
    }

    record Event(String id, What what, String loser) {}

    final Fault fault;
    final Map<String, FieldType> fields = new LinkedHashMap<>();
    final Map<String, Map<String, Object>> records = new TreeMap<>(Comparator.comparing(Integer::valueOf));
    final Map<String, Map<String, Object>> archived = new HashMap<>();
    final Map<String, String> mergedInto = new HashMap<>();
    final List<Event> log = new ArrayList<>();
    final MovingClock clock = new MovingClock();
    boolean helpful = true;
    boolean writable = true;
    int forgotten; // events of the log that nobody remembers
    Duration retryAfter; // null unless throttled
    int writesUntilTheCut = Integer.MAX_VALUE; // negative once cut
    Duration perWrite = Duration.ZERO;
    private int ids;

    Shelf(Fault fault) {
        this.fault = fault;
        for (String field : List.of("key", "name", "colour")) fields.put(field, FieldType.STRING);
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
        return clock;
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
        return writable ? "key" : null;
    }

    private Map<String, Object> blank(Map<String, String> values) {
        Map<String, Object> record = new LinkedHashMap<>();
        for (String field : fields.keySet()) record.put(field, values.get(field));
        return record;
    }

    @Override
    public String create(Map<String, String> values) {
        String id = "" + ++ids;
        put(id, blank(values));
        return id;
    }

    void put(String id, Map<String, Object> record) {
        records.put(id, record);
        log.add(new Event(id, What.PUT, null));
    }

    @Override
    public void edit(String id, Map<String, String> values) {
        records.get(id).putAll(values);
        log.add(new Event(id, What.PUT, null));
    }

    @Override
    public void delete(String id) {
        archived.put(id, records.remove(id));
        log.add(new Event(id, What.DELETED, null));
    }

    @Override
    public boolean recreate(String id, Map<String, String> values) {
        archived.remove(id);
        put(id, blank(values));
        return helpful;
    }

    @Override
    public Optional<String> merge(String winner, String loser) {
        Map<String, Object> gone = records.remove(loser);
        gone.forEach((field, value) -> records.get(winner).putIfAbsent(field, value));
        mergedInto.put(loser, winner);
        log.add(new Event(winner, What.MERGED, loser));
        log.add(new Event(winner, What.PUT, null));
        return Optional.of(winner);
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
        clock.pass(Duration.ofSeconds(1));
    }

    @Override
    public Optional<Held> hold(Map<String, String> values) {
        int began = log.size();
        return Optional.of(() -> {
            String id = create(values);
            if (fault == Fault.FILES_LATE_COMMITS_UNDER_THEIR_BEGINNING) log.add(began, log.remove(log.size() - 1));
            return id;
        });
    }

    @Override
    public boolean addField(String name) {
        fields.put(name, FieldType.STRING);
        records.values().forEach(record -> record.put(name, null));
        return true;
    }

    @Override
    public boolean removeField(String name) {
        fields.remove(name);
        records.values().forEach(record -> record.remove(name));
        return true;
    }

    @Override
    public boolean renameField(String name, String newName) {
        fields.put(newName, fields.remove(name));
        records.values().forEach(record -> record.put(newName, record.remove(name)));
        return true;
    }

    @Override
    public boolean retypeField(String name) {
        fields.put(name, FieldType.INT);
        records.values().forEach(record -> record.put(name, null));
        return true;
    }

    @Override
    public boolean forget() {
        forgotten = log.size();
        return true;
    }

    @Override
    public boolean throttle(Duration wait) {
        if (helpful) retryAfter = wait;
        return helpful;
    }

    @Override
    public boolean cutAfterCommit(int ops) {
        if (helpful) writesUntilTheCut = ops;
        return helpful;
    }

    @Override
    public boolean slowDown(Duration each) {
        if (helpful) perWrite = each;
        return helpful;
    }

    @Override
    public void recover() {
        retryAfter = null;
        writesUntilTheCut = Integer.MAX_VALUE;
        perWrite = Duration.ZERO;
    }

    @Override
    public void close() {
        records.clear();
    }

    /** Moves when told, and while a slow write is done. */
    static final class MovingClock extends Clock {
        private Instant now = Instant.EPOCH;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
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
            if (settings.get("shelf") instanceof Shelf shelf) return new ShelfConnector(system, shelf, context);
            throw new ConnectorException.Misconfigured("setting shelf is missing");
        }
    }
}
