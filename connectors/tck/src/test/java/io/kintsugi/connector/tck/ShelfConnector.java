package io.kintsugi.connector.tck;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Capabilities.Cursor;
import io.kintsugi.connector.spi.Capabilities.DeleteFeed;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Capabilities.Reading;
import io.kintsugi.connector.spi.Capabilities.Writing;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.FieldDef;
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
import io.kintsugi.connector.tck.Shelf.Event;
import io.kintsugi.connector.tck.Shelf.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Speaks to a shelf, faultily if the shelf says so. */
final class ShelfConnector implements Connector, Lookups, SnapshotSource, ChangeSource, Writer {
    private static final List<String> FIELDS = List.of("key", "name", "colour");

    private final String system;
    private final Shelf shelf;

    ShelfConnector(String system, Shelf shelf) {
        this.system = system;
        this.shelf = shelf;
    }

    private boolean has(Fault fault) {
        return shelf.fault == fault;
    }

    @Override
    public CheckReport check() {
        return new CheckReport(true, List.of(), Map.of());
    }

    @Override
    public Catalog discover() {
        List<FieldDef> fields = FIELDS.stream()
                .map(name -> new FieldDef(
                        name,
                        FieldDef.FieldType.STRING,
                        true,
                        true,
                        true,
                        name.equals("key"),
                        true,
                        false,
                        null,
                        List.of(),
                        false))
                .toList();
        Set<Op> ops = EnumSet.of(Op.CREATE, Op.UPDATE, Op.CLEAR_FIELD, Op.CONDITIONAL_UPDATE);
        if (has(Fault.DECLARES_DELETES_IT_REFUSES)) ops.add(Op.DELETE);
        Set<Feed> feeds = EnumSet.of(Feed.SNAPSHOT, Feed.INCREMENTAL, Feed.DELETES);
        Reading reading = new Reading(
                new Cursor(Cursor.Kind.SEQUENCE, Duration.ZERO, false, null),
                new DeleteFeed(DeleteFeed.Source.LOG, Duration.ZERO, null),
                null,
                Duration.ZERO,
                Integer.MAX_VALUE);
        Capabilities can =
                new Capabilities(ops, feeds, reading, new Writing(10, false, Set.of("key")), List.of(), null);
        StreamDef.IdRules ids = new StreamDef.IdRules(true, false, false, false);
        return new Catalog(system, List.of(new StreamDef("thing", "Thing", fields, List.of(), ids, can)), "1");
    }

    @Override
    public Lookups lookups() {
        return this;
    }

    @Override
    public <F> Optional<F> facet(Class<F> type) {
        if (type == SnapshotSource.class && has(Fault.FORGETS_TO_OFFER_SNAPSHOTS)) return Optional.empty();
        boolean offered = type == SnapshotSource.class || type == ChangeSource.class || type == Writer.class;
        return offered ? Optional.of(type.cast(this)) : Optional.empty();
    }

    @Override
    public void close() {
        // nothing is open
    }

    private void require(String stream, Collection<String> fields) throws ConnectorException {
        if (!stream.equals("thing"))
            throw new ConnectorException.SchemaDrift(stream, Set.of(), "there is no stream " + stream);
        for (String field : fields)
            if (!FIELDS.contains(field))
                throw new ConnectorException.SchemaDrift(stream, Set.of(field), "there is no field " + field);
    }

    private NativeRecord record(String id) {
        return new NativeRecord(new RecordId("thing", id), shelf.records.get(id), null, null, null);
    }

    @Override
    public Map<String, Lookup> byId(Query query, Collection<String> ids) throws ConnectorException {
        require(query.stream(), query.fields());
        Map<String, Lookup> answers = new HashMap<>();
        for (String id : ids) {
            Lookup absent = has(Fault.CALLS_UNKNOWN_IDS_DELETED) ? new Lookup.Gone(null, false) : new Lookup.Unknown();
            answers.put(id, shelf.records.containsKey(id) ? new Lookup.Found(record(id)) : absent);
        }
        return answers;
    }

    @Override
    public Map<String, List<NativeRecord>> byKey(Query query, String keyField, Collection<String> values)
            throws ConnectorException {
        require(query.stream(), List.of(keyField));
        Map<String, List<NativeRecord>> answers = new HashMap<>();
        for (String value : values)
            answers.put(
                    value,
                    shelf.records.keySet().stream()
                            .map(this::record)
                            .filter(record -> value.equals(record.fields().get(keyField)))
                            .toList());
        return answers;
    }

    private static Checkpoint position(int number) {
        return new Checkpoint("shelf", 1, "thing", "" + number);
    }

    private int number(Checkpoint position) throws ConnectorException {
        boolean own = position.connectorType().equals("shelf") && position.formatVersion() == 1;
        if (!own && !has(Fault.READS_FOREIGN_POSITIONS))
            throw new ConnectorException.CheckpointExpired(null, "not a position of a shelf");
        return Integer.parseInt(position.json());
    }

    @Override
    public Page page(Query query, Checkpoint cursor, int maxRecords) throws ConnectorException {
        require(query.stream(), query.fields());
        int from = cursor == null ? 0 : number(cursor);
        List<String> ids = List.copyOf(shelf.records.keySet());
        int to = Math.min(ids.size(), from + maxRecords);
        List<NativeRecord> records =
                ids.subList(from, to).stream().map(this::record).toList();
        int next = has(Fault.TELLS_A_PAGE_TWICE) && from == 0 && to > 1 ? 1 : to;
        return new Page(records, List.of(), position(next), to == ids.size());
    }

    @Override
    public Checkpoint start(Query query, StartAt at) throws ConnectorException {
        require(query.stream(), query.fields());
        return position(at == StartAt.NOW ? shelf.log.size() : 0);
    }

    @Override
    public ChangeBatch poll(Query query, Checkpoint from, int maxRecords) throws ConnectorException {
        require(query.stream(), query.fields());
        int first = Math.min(number(from), shelf.log.size());
        int to = Math.min(shelf.log.size(), first + maxRecords);
        List<Change> changes = new ArrayList<>();
        for (Event event : shelf.log.subList(first, to)) {
            RecordId id = new RecordId("thing", event.id());
            if (event.delete()) changes.add(new Change.Deleted(id, null, false));
            else if (shelf.records.containsKey(event.id()))
                changes.add(new Change.Upserted(id, null, record(event.id())));
        }
        int next = has(Fault.LOSES_A_CHANGE_AT_THE_BOUNDARY) && to > first ? to + 1 : to;
        return new ChangeBatch(changes, List.of(), position(next), to == shelf.log.size(), null);
    }

    @Override
    public List<WriteResult> write(String stream, List<WriteOp> ops, WriteOptions options) throws ConnectorException {
        require(stream, List.of());
        List<WriteResult> results = new ArrayList<>();
        for (WriteOp op : ops) results.add(write(op));
        if (has(Fault.ANSWERS_ONLY_THE_OPS_THAT_WORKED)) results.removeIf(WriteResult.Rejected.class::isInstance);
        return results;
    }

    private WriteResult write(WriteOp op) {
        if (op instanceof WriteOp.Create create) {
            for (Map.Entry<String, Map<String, Object>> each : shelf.records.entrySet())
                if (create.linkKey().equals(each.getValue().get("key")))
                    return rejected(op, Code.DUPLICATE, null, each.getKey());
            String id = shelf.create(Map.of("key", create.linkKey()));
            shelf.records.get(id).putAll(create.set());
            return new WriteResult.Applied(op.opId(), id, true, null, record(id));
        }
        if (!(op instanceof WriteOp.Update update)) return rejected(op, Code.UNSUPPORTED, null);
        Map<String, Object> record = shelf.records.get(update.id());
        if (record == null) return rejected(op, Code.NOT_FOUND, null);
        for (String field : update.set().keySet())
            if (!FIELDS.contains(field)) return rejected(op, Code.UNKNOWN_FIELD, field);
        for (Map.Entry<String, Object> each : update.expected().entrySet()) {
            Object is = record.get(each.getKey());
            boolean holds =
                    each.getValue() == null ? is == null : each.getValue().equals(is);
            if (!holds && !has(Fault.TAKES_STALE_UPDATES)) return rejected(op, Code.VERSION_CONFLICT, each.getKey());
        }
        if (has(Fault.OVERWRITES_FIELDS_NOBODY_NAMED)) record.replaceAll((field, value) -> null);
        record.putAll(update.set());
        update.clear().forEach(field -> record.put(field, null));
        shelf.log.add(new Event(update.id(), false));
        return new WriteResult.Applied(op.opId(), update.id(), false, null, null);
    }

    private static WriteResult rejected(WriteOp op, Code code, String field, String... existing) {
        return new WriteResult.Rejected(
                op.opId(), new RecordError(code, field, null, "the shelf says " + code, List.of(existing), false));
    }
}
