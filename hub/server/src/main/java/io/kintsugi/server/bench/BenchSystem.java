package io.kintsugi.server.bench;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Capabilities.Cursor;
import io.kintsugi.connector.spi.Capabilities.DeleteFeed;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A system in memory that answers at once, compares versions and tells its own writes back, so that what is measured over it is the
 * hub. Its connector and its factory at the same time; closing it loses nothing. Thread-safe.
 */
final class BenchSystem implements Connector, ConnectorFactory, Lookups, SnapshotSource, ChangeSource, Writer {
    static final String STREAM = "people";
    private final String id;
    private final List<String> fields;
    private final BiConsumer<String, Map<String, Object>> written;
    private final TreeMap<String, NativeRecord> rows = new TreeMap<>();
    private final List<Change> log = new ArrayList<>();
    private long writes;

    /** @param written told the id and the new values of every write of the hub, on the thread that writes */
    BenchSystem(String id, List<String> fields, BiConsumer<String, Map<String, Object>> written) {
        this.id = id;
        this.fields = fields;
        this.written = written;
    }

    /** A person enters values; those not named stay. */
    synchronized void edit(String record, Map<String, Object> values) {
        put(record, values);
    }

    /** Writes of the hub that took effect. */
    synchronized long writes() {
        return writes;
    }

    synchronized int size() {
        return rows.size();
    }

    private NativeRecord put(String record, Map<String, Object> values) {
        var before = rows.get(record);
        var all = new HashMap<String, Object>(before == null ? Map.of() : before.fields());
        all.putAll(values);
        long version = before == null ? 1 : Long.parseLong(before.version()) + 1;
        var after = new NativeRecord(new RecordId(STREAM, record), all, Instant.now(), Long.toString(version), null);
        rows.put(record, after);
        log.add(new Change.Upserted(after.id(), after.modifiedAt(), after));
        return after;
    }

    @Override
    public ConnectorSpec spec() {
        return new ConnectorSpec(id, "System " + id + " of a benchmark", List.of());
    }

    @Override
    public Connector open(String system, Map<String, Object> settings, ConnectorContext context) {
        return this;
    }

    @Override
    public CheckReport check() {
        return new CheckReport(true, List.of(), Map.of());
    }

    @Override
    public Catalog discover() {
        var described = fields.stream()
                .map(name -> new FieldDef(
                        name, FieldType.STRING, true, true, true, false, true, false, null, List.of(), false))
                .toList();
        var can = new Capabilities(
                Set.of(Op.CREATE, Op.UPDATE, Op.CONDITIONAL_UPDATE, Op.CLEAR_FIELD),
                Set.of(Feed.SNAPSHOT, Feed.INCREMENTAL, Feed.DELETES),
                new Capabilities.Reading(
                        new Cursor(Cursor.Kind.SEQUENCE, Duration.ofMillis(1), true, null),
                        new DeleteFeed(DeleteFeed.Source.LOG, Duration.ZERO, null),
                        null,
                        Duration.ZERO,
                        Integer.MAX_VALUE),
                new Capabilities.Writing(200, false, Set.of()),
                List.of(),
                null);
        var ids = new StreamDef.IdRules(true, true, true, false);
        return new Catalog(id, List.of(new StreamDef(STREAM, STREAM, described, List.of(), ids, can)), "1");
    }

    @Override
    public Lookups lookups() {
        return this;
    }

    @Override
    public <F> Optional<F> facet(Class<F> type) {
        return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }

    @Override
    public void close() {
        // the system goes on
    }

    @Override
    public synchronized Map<String, Lookup> byId(Query query, Collection<String> ids) {
        var answers = new HashMap<String, Lookup>();
        for (var asked : ids) {
            var row = rows.get(asked);
            answers.put(asked, row == null ? new Lookup.Unknown() : new Lookup.Found(row));
        }
        return answers;
    }

    @Override
    public synchronized Map<String, List<NativeRecord>> byKey(Query query, String keyField, Collection<String> values) {
        var answers = new HashMap<String, List<NativeRecord>>();
        for (var value : values) {
            answers.put(
                    value,
                    rows.values().stream()
                            .filter(row -> value.equals(row.fields().get(keyField)))
                            .toList());
        }
        return answers;
    }

    @Override
    public synchronized Page page(Query query, Checkpoint cursor, int most) {
        var rest = cursor == null ? rows : rows.tailMap(cursor.json(), false);
        var page = rest.values().stream().limit(most).toList();
        boolean last = page.size() == rest.size();
        return new Page(
                page, List.of(), last ? null : at(page.get(page.size() - 1).id().id()), last);
    }

    @Override
    public synchronized Checkpoint start(Query query, StartAt at) {
        return at(Integer.toString(at == StartAt.NOW ? log.size() : 0));
    }

    @Override
    public synchronized ChangeBatch poll(Query query, Checkpoint from, int most) {
        int start = Integer.parseInt(from.json());
        int end = Math.min(log.size(), start + most);
        return new ChangeBatch(log.subList(start, end), List.of(), at(Integer.toString(end)), end == log.size(), null);
    }

    private static Checkpoint at(String place) {
        return new Checkpoint("bench", 1, STREAM, place);
    }

    @Override
    public List<WriteResult> write(String stream, List<WriteOp> ops, WriteOptions options) {
        var results = new ArrayList<WriteResult>();
        for (var op : ops) results.add(write(op));
        return results;
    }

    private WriteResult write(WriteOp op) {
        if (op instanceof WriteOp.Create create) return applied(op, "hub" + create.opId(), create.set(), null);
        if (op instanceof WriteOp.Update update) {
            var values = new LinkedHashMap<>(update.set());
            update.clear().forEach(field -> values.put(field, null));
            return applied(op, update.id(), values, update.expectedVersion());
        }
        return refused(op, Code.UNSUPPORTED);
    }

    private WriteResult applied(WriteOp op, String record, Map<String, Object> values, String expected) {
        NativeRecord after;
        boolean created;
        synchronized (this) {
            var before = rows.get(record);
            created = before == null;
            if (created && !(op instanceof WriteOp.Create)) return refused(op, Code.NOT_FOUND);
            if (expected != null && !Objects.equals(expected, before.version())) {
                return refused(op, Code.VERSION_CONFLICT);
            }
            after = put(record, values);
            writes++;
        }
        written.accept(record, after.fields());
        return new WriteResult.Applied(op.opId(), record, created, after.version(), after);
    }

    private static WriteResult refused(WriteOp op, Code code) {
        return new WriteResult.Rejected(
                op.opId(), new RecordError(code, null, code.name(), "refused", List.of(), false));
    }
}
