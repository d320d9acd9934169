package io.kintsugi.connector.tck;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Capabilities.Cursor;
import io.kintsugi.connector.spi.Capabilities.DeleteFeed;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.FillRule;
import io.kintsugi.connector.spi.Capabilities.MergeRules;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Capabilities.Quota;
import io.kintsugi.connector.spi.Capabilities.Reading;
import io.kintsugi.connector.spi.Capabilities.SurvivorId;
import io.kintsugi.connector.spi.Capabilities.Writing;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.Linker;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.Merger;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.Restorer;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.Writer;
import io.kintsugi.connector.tck.Shelf.Event;
import io.kintsugi.connector.tck.Shelf.What;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a shelf, faultily if the shelf says so. */
final class ShelfConnector implements Connector, Lookups, SnapshotSource, ChangeSource {
    private static final int MAX_PAGE = 100;
    private static final MergeRules MERGES =
            new MergeRules(3, SurvivorId.WINNER_KEPT, FillRule.WINNER_THEN_FILL_BLANKS, false, false, false, true);

    private final String system;
    private final Shelf shelf;
    private final ConnectorContext context;
    private final ShelfWriter writer;
    private int snapshotFrom; // what the log held when a snapshot began
    private int snapshotTo; // and when it ended

    ShelfConnector(String system, Shelf shelf, ConnectorContext context) {
        this.system = system;
        this.shelf = shelf;
        this.context = context;
        this.writer = new ShelfWriter(this, shelf);
    }

    boolean has(Fault fault) {
        return shelf.fault == fault;
    }

    @Override
    public CheckReport check() {
        return new CheckReport(true, List.of(), Map.of());
    }

    @Override
    public Catalog discover() {
        List<FieldDef> fields = shelf.fields.keySet().stream().map(this::field).toList();
        Set<Op> ops = EnumSet.of(
                Op.CREATE, Op.UPDATE, Op.CLEAR_FIELD, Op.CONDITIONAL_UPDATE, Op.ARCHIVE, Op.UNDELETE, Op.MERGE);
        if (has(Fault.DECLARES_LINKS)) ops.add(Op.LINK);
        if (!shelf.writable) ops.clear();
        Set<Feed> feeds = EnumSet.of(Feed.SNAPSHOT, Feed.INCREMENTAL, Feed.DELETES, Feed.MERGES);
        Reading reading = new Reading(
                new Cursor(Cursor.Kind.SEQUENCE, Duration.ZERO, false, Duration.ofDays(3)),
                new DeleteFeed(DeleteFeed.Source.LOG, Duration.ZERO, Duration.ofDays(3)),
                null,
                Duration.ZERO,
                MAX_PAGE);
        Capabilities can = new Capabilities(
                ops,
                feeds,
                reading,
                shelf.writable ? new Writing(10, false, Set.of("key")) : Writing.NONE,
                List.of(new Quota("calls", 100, Duration.ofSeconds(10), 5)),
                shelf.writable ? MERGES : null);
        StreamDef.IdRules ids = new StreamDef.IdRules(true, false, true, true);
        String shape = has(Fault.KEEPS_THE_FINGERPRINT_WHEN_A_TYPE_CHANGES)
                ? shelf.fields.keySet().toString()
                : shelf.fields.toString();
        return new Catalog(system, List.of(new StreamDef("thing", "Thing", fields, List.of(), ids, can)), shape);
    }

    private FieldDef field(String name) {
        return new FieldDef(
                name,
                shelf.fields.get(name),
                true,
                true,
                true,
                name.equals("key"),
                true,
                false,
                null,
                List.of(),
                false);
    }

    @Override
    public Lookups lookups() {
        return this;
    }

    @Override
    public <F> Optional<F> facet(Class<F> type) {
        if (type == SnapshotSource.class && has(Fault.FORGETS_TO_OFFER_SNAPSHOTS)) return Optional.empty();
        if (type == SnapshotSource.class || type == ChangeSource.class) return Optional.of(type.cast(this));
        boolean offered = type == Writer.class
                || type == Merger.class
                || type == Restorer.class
                || type == Linker.class && has(Fault.DECLARES_LINKS);
        return offered && shelf.writable ? Optional.of(type.cast(writer)) : Optional.empty();
    }

    @Override
    public void close() {
        // nothing is open
    }

    /** Asks the gate and the shelf whether one more call is allowed. */
    void call() throws ConnectorException {
        if (!has(Fault.CALLS_SOMETIMES_WITHOUT_ASKING_THE_GATE)) {
            try {
                context.gate("calls").acquire(1);
            } catch (InterruptedException e) {
                throw new ConnectorException.Transient("interrupted while waiting for the shelf", e);
            }
        }
        if (shelf.retryAfter == null) return;
        if (!has(Fault.KEEPS_A_PAUSE_TO_ITSELF)) context.gate("calls").penalise(shelf.retryAfter);
        throw new ConnectorException.RateLimited(
                ConnectorException.RateLimited.Scope.BURST, shelf.retryAfter, "the shelf wants to be left alone");
    }

    void require(String stream, Collection<String> fields) throws ConnectorException {
        if (!stream.equals("thing"))
            throw new ConnectorException.SchemaDrift(stream, Set.of(), "there is no stream " + stream);
        Set<String> missing = new LinkedHashSet<>(fields);
        missing.removeAll(shelf.fields.keySet());
        if (missing.isEmpty()) return;
        if (has(Fault.BLAMES_EVERY_FIELD_FOR_DRIFT)) missing.addAll(fields);
        throw new ConnectorException.SchemaDrift(stream, missing, "there is no field " + missing);
    }

    NativeRecord record(String id) {
        Map<String, Object> fields = new LinkedHashMap<>(shelf.records.get(id));
        if (has(Fault.READS_RENAMED_FIELDS_AS_EMPTY)) fields.putIfAbsent("colour", null);
        return new NativeRecord(new RecordId("thing", id), fields, null, null, null);
    }

    private NativeRecord record(String id, Query query) {
        NativeRecord record = record(id);
        if (query.fields().isEmpty()) return record;
        Map<String, Object> asked = new LinkedHashMap<>(record.fields());
        asked.keySet().retainAll(query.fields());
        return new NativeRecord(record.id(), asked, null, null, null);
    }

    @Override
    public Map<String, Lookup> byId(Query query, Collection<String> ids) throws ConnectorException {
        require(query.stream(), query.fields());
        call();
        Map<String, Lookup> answers = new HashMap<>();
        for (String id : ids) answers.put(id, lookUp(id, query));
        return answers;
    }

    private Lookup lookUp(String id, Query query) {
        if (shelf.records.containsKey(id)) return new Lookup.Found(record(id, query));
        boolean merged = shelf.mergedInto.containsKey(id);
        if (shelf.archived.containsKey(id) && !merged) return new Lookup.Gone(null, true);
        String survivor = shelf.mergedInto.get(id);
        if (survivor == null)
            return has(Fault.CALLS_UNKNOWN_IDS_DELETED) ? new Lookup.Gone(null, false) : new Lookup.Unknown();
        while (shelf.mergedInto.containsKey(survivor) && !has(Fault.FOLLOWS_ONE_MERGE_ONLY))
            survivor = shelf.mergedInto.get(survivor);
        return new Lookup.MergedInto(new RecordId("thing", survivor), null);
    }

    @Override
    public Map<String, List<NativeRecord>> byKey(Query query, String keyField, Collection<String> values)
            throws ConnectorException {
        require(query.stream(), List.of(keyField));
        call();
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

    private static Checkpoint position(String place) {
        return new Checkpoint("shelf", 1, "thing", place);
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
        call();
        int after = cursor == null ? 0 : number(cursor);
        List<String> rest = shelf.records.keySet().stream()
                .filter(id -> Integer.parseInt(id) > after)
                .toList();
        int size = Math.min(rest.size(), Math.min(maxRecords, MAX_PAGE));
        List<NativeRecord> records =
                rest.subList(0, size).stream().map(id -> record(id, query)).toList();
        boolean last = size == rest.size();
        boolean again = has(Fault.TELLS_A_PAGE_TWICE) && after == 0 && size > 1;
        String next = size == 0 ? "" + after : rest.get(again ? 0 : size - 1);
        if (cursor == null) snapshotFrom = shelf.log.size();
        snapshotTo = shelf.log.size();
        return new Page(records, List.of(), position(next), last);
    }

    @Override
    public Checkpoint start(Query query, StartAt at) throws ConnectorException {
        require(query.stream(), query.fields());
        return position("" + (at == StartAt.NOW ? shelf.log.size() : shelf.forgotten));
    }

    @Override
    public ChangeBatch poll(Query query, Checkpoint from, int maxRecords) throws ConnectorException {
        require(query.stream(), query.fields());
        int first = Math.min(number(from), shelf.log.size());
        if (shelf.retryAfter != null && has(Fault.TAKES_A_REFUSED_CALL_FOR_NO_NEWS))
            return new ChangeBatch(List.of(), List.of(), from, true, null);
        call();
        if (first < shelf.forgotten && !has(Fault.CALLS_A_FORGOTTEN_POSITION_QUIET))
            throw new ConnectorException.CheckpointExpired(null, "the shelf does not remember that far back");
        int to = Math.min(shelf.log.size(), first + Math.min(maxRecords, MAX_PAGE));
        List<Change> changes = new ArrayList<>();
        for (int i = first; i < to; i++) tell(shelf.log.get(i), i, query, changes);
        if (has(Fault.TELLS_A_DELETE_AFTER_THE_RECREATION)) changes.sort((a, b) -> rank(a) - rank(b));
        int next = has(Fault.LOSES_A_CHANGE_AT_THE_BOUNDARY) && to > first ? to + 1 : to;
        return new ChangeBatch(changes, List.of(), position("" + next), to == shelf.log.size(), null);
    }

    private static int rank(Change change) {
        return change instanceof Change.Deleted ? 1 : 0;
    }

    private void tell(Event event, int place, Query query, List<Change> changes) {
        RecordId id = new RecordId("thing", event.id());
        boolean isThere = shelf.records.containsKey(event.id());
        if (event.what() == What.PUT) {
            if (isThere) changes.add(new Change.Upserted(id, null, record(event.id(), query)));
        } else if (event.what() == What.MERGED) {
            RecordId loser = new RecordId("thing", event.loser());
            changes.add(
                    has(Fault.TELLS_MERGES_AS_DELETES)
                            ? new Change.Deleted(loser, null, false)
                            : new Change.Merged(id, null, List.of(loser), "FEED"));
        } else {
            Event before = place == 0 ? null : shelf.log.get(place - 1);
            boolean justCreated = before != null && before.what() == What.PUT;
            if (justCreated && has(Fault.LOSES_DELETES_OF_A_RECORD_JUST_CREATED)) return;
            boolean during = place >= snapshotFrom && place < snapshotTo;
            if (during && has(Fault.LOSES_DELETES_WHILE_A_SNAPSHOT_IS_READ)) return;
            changes.add(new Change.Deleted(id, null, true));
        }
    }
}
