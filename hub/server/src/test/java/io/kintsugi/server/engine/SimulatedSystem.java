package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Capabilities.Cursor;
import io.kintsugi.connector.spi.Capabilities.DeleteFeed;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.FillRule;
import io.kintsugi.connector.spi.Capabilities.MergeRules;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Capabilities.SurvivorId;
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
import io.kintsugi.connector.spi.Merger;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.Restorer;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A source system in memory, behind the connector SPI, with the vices real ones have. One stream; versions grow with
 * each write; every change is in its log.
 */
final class SimulatedSystem implements Connector, Lookups, SnapshotSource, ChangeSource, Writer, Merger, Restorer {
    static final String STREAM = "people";
    static final String LINK_KEY = "hub_key";
    private final String id;
    private final String stream;
    private final Clock clock;
    private final Map<String, NativeRecord> records = new TreeMap<>();
    private final List<Change> log = new ArrayList<>();
    private final Map<String, String> mergedInto = new TreeMap<>();
    private int nextId = 1;

    /** Whether the feed says what was merged; otherwise the losers look deleted until they are asked for. */
    boolean tellsMerges = true;

    /** Rewrites a value that is written, as systems do. */
    BiFunction<String, Object, Object> normalise = (field, value) -> value;
    /** Ops that are refused for good. */
    Predicate<WriteOp> poisoned = op -> false;
    /** Whether the effect of the next writes happens but the reply is lost. */
    boolean loseReplies;

    /** Whether it is asked in vain what it can do. */
    boolean undescribed;

    /** What is answered instead of doing what an op says; null to do it. */
    Function<WriteOp, WriteResult> fault = op -> null;
    /** Happens after ops took effect and before their reply arrives. */
    Runnable beforeReply = () -> {};
    /** Happens before records are looked up by a key. */
    Runnable beforeLook = () -> {};

    /** Whether the hub can make fields empty. */
    boolean clears = true;

    int maxBatch = 100;

    /** Whether the connector can delete. */
    boolean deletes = true;

    /** Whether what the connector deletes is kept in the bin, where people can still edit it. */
    boolean archives;
    /** What proves to its feed that a record is gone. */
    DeleteFeed.Source provesDeletes = DeleteFeed.Source.LOG;

    /** Whether the connector can bring back what was deleted, and what was merged. */
    boolean undeletes;

    boolean undeletesLosers;

    /** Whether it says where a merged record went when it is asked for it. */
    boolean aliases = true;

    /** What can be brought back. */
    final Map<String, NativeRecord> bin = new TreeMap<>();

    /** Ids of records that were asked for, in order. */
    final List<String> undeleted = new ArrayList<>();

    /** Whether the next undeletes reach the system only when {@link #arrive} is called, and no reply comes. */
    boolean late;

    private final List<String> underWay = new ArrayList<>();

    /** Which id a merge by the connector keeps; null if it cannot merge. */
    SurvivorId merges;

    /** Most losers in one merge. */
    int maxLosers = 1;

    /** Losers with which a merge is refused as a whole, and those that it leaves as they are. */
    Predicate<String> refusesLoser = loser -> false;

    Predicate<String> leavesOut = loser -> false;

    /** Losers of each merge that was asked for, in order. */
    final List<List<String>> asked = new ArrayList<>();

    /** Merges by the connector that had an effect, in order. */
    final List<MergeCommand> merged = new ArrayList<>();

    /** References it describes. */
    final List<StreamDef.RelationDef> relations = new ArrayList<>();

    /** Streams that are not there any more. */
    final Set<String> dropped = new HashSet<>();

    /** Fields without which nothing is created. */
    final Set<String> required = new HashSet<>();

    /** Records that look-ups do not show. */
    final Set<String> hidden = new HashSet<>();

    /** Up to here the log of changes was thrown away. */
    private int forgotten;

    /** How long it wants to be left alone when it is asked how it is; null if it does not. */
    volatile Duration rateLimit;

    /** Told when it is asked how it is. */
    volatile Runnable onCheck = () -> {};

    /** How long it wants to be left alone when it is read; null if it does not. */
    volatile Duration readLimit;

    /** Told when it is about to be read. */
    volatile Runnable beforeRead = () -> {};

    boolean down;
    /** The fields as the system has them now. */
    final NativeFields schema;

    /** By name. */
    final Map<String, FieldDef> fields;
    /** Whether a reply tells the record as it is after the write. */
    boolean repliesWithRecord = true;

    /** Every op that had an effect, in order. */
    final List<WriteOp> effects = new ArrayList<>();

    SimulatedSystem(String id, Clock clock) {
        this(id, STREAM, List.of("first", "last", "email", "phone", "city", "born"), clock);
    }

    SimulatedSystem(String id, String stream, List<String> names, Clock clock) {
        this.id = id;
        this.stream = stream;
        this.clock = clock;
        this.schema = new NativeFields(names, LINK_KEY);
        this.fields = schema.all;
    }

    /** Somebody adds a field, or takes it for another sort; records that have nothing there are empty. Nothing of it is told. */
    void put(FieldDef field) {
        fields.put(field.name(), field);
        rewrite((id, record) -> record.putIfAbsent(field.name(), null));
    }

    /** Somebody renames a field. Nothing of it is told. */
    void rename(String from, String to) {
        var old = fields.remove(from);
        fields.put(to, NativeFields.field(to, old.type(), old.nullable(), old.options()));
        rewrite((id, record) -> record.put(to, record.remove(from)));
    }

    /** Changes what records hold without their counting as changed. */
    void rewrite(BiConsumer<String, Map<String, Object>> change) {
        records.replaceAll((id, record) -> {
            var all = new LinkedHashMap<>(record.fields());
            change.accept(id, all);
            return new NativeRecord(record.id(), all, record.modifiedAt(), record.version(), record.modifiedBy());
        });
    }

    /** A person edits in the system itself: creates the record or changes the named fields. */
    void edit(String recordId, Map<String, Object> fields) {
        var before = records.get(recordId);
        var all = new LinkedHashMap<String, Object>(before == null ? Map.of() : before.fields());
        all.putAll(fields);
        put(recordId, all, "person");
    }

    void delete(String recordId) {
        var gone = records.remove(recordId);
        if (gone != null) bin.put(recordId, gone);
        log.add(new Change.Deleted(new RecordId(stream, recordId), clock.instant(), false));
    }

    /** A person merges two records; empty fields of the winner are filled from the loser. Returns the id of the result. */
    String merge(String winner, String loser, boolean newId) {
        var fields = new LinkedHashMap<>(records.get(loser).fields());
        records.get(winner).fields().forEach((field, value) -> {
            if (value != null) fields.put(field, value);
        });
        var result = newId ? winner + "+" + loser : winner;
        var losers = new ArrayList<>(List.of(new RecordId(stream, loser)));
        if (newId) losers.add(new RecordId(stream, winner));
        for (var gone : losers) {
            var was = records.remove(gone.id());
            if (undeletesLosers) bin.put(gone.id(), was);
            mergedInto.put(gone.id(), result);
            if (!tellsMerges) log.add(new Change.Deleted(gone, clock.instant(), false));
        }
        var survivor = new RecordId(stream, result);
        if (tellsMerges) log.add(new Change.Merged(survivor, clock.instant(), losers, "FEED"));
        put(result, fields, "person");
        return result;
    }

    /** Tells the last things once more, as feeds do after a restart. */
    void repeat(int last) {
        log.addAll(List.copyOf(log.subList(log.size() - last, log.size())));
    }

    private Lookup lookUp(String wanted) {
        if (hidden.contains(wanted)) return new Lookup.Unknown();
        var end = wanted;
        while (mergedInto.containsKey(end) && !records.containsKey(end)) end = mergedInto.get(end);
        var record = records.get(end);
        if (!end.equals(wanted)) return new Lookup.MergedInto(new RecordId(stream, end), null);
        return record == null ? new Lookup.Gone(null, undeletes && bin.containsKey(wanted)) : new Lookup.Found(record);
    }

    /** A record vanishes, and the log that would tell it is thrown away. */
    void forget(String... recordIds) {
        for (var recordId : recordIds) records.remove(recordId);
        log.add(new Change.Hint(new RecordId(stream, "none"), clock.instant(), null));
        forgotten = log.size();
    }

    /** Says that something happened to a record. */
    void hint(String recordId) {
        log.add(new Change.Hint(new RecordId(stream, recordId), clock.instant(), null));
    }

    /** A person edits a record in the bin; nothing of it is told. */
    void editInBin(String recordId, Map<String, Object> fields) {
        var was = bin.get(recordId);
        var all = new LinkedHashMap<>(was.fields());
        all.putAll(fields);
        int version = Integer.parseInt(was.version()) + 1;
        bin.put(recordId, new NativeRecord(was.id(), all, clock.instant(), Integer.toString(version), "person"));
    }

    Object value(String recordId, String field) {
        return records.get(recordId).fields().get(field);
    }

    Map<String, NativeRecord> records() {
        return records;
    }

    private NativeRecord put(String recordId, Map<String, Object> fields, String by) {
        var before = records.get(recordId);
        int version = before == null ? 1 : Integer.parseInt(before.version()) + 1;
        var record = new NativeRecord(
                new RecordId(stream, recordId), fields, clock.instant(), Integer.toString(version), by);
        records.put(recordId, record);
        log.add(new Change.Upserted(record.id(), clock.instant(), record));
        return record;
    }

    private void requireUp() throws ConnectorException {
        if (down) throw new ConnectorException.Transient(id + " is down", null);
    }

    private void requireStream(Query query) throws ConnectorException {
        requireUp();
        beforeRead.run();
        if (readLimit != null) throw limited(readLimit);
        if (dropped.contains(query.stream())) {
            throw new ConnectorException.SchemaDrift(query.stream(), Set.of(), query.stream() + " is not there");
        }
    }

    private ConnectorException limited(Duration wish) {
        return new ConnectorException.RateLimited(
                ConnectorException.RateLimited.Scope.BURST, wish, id + " wants to be left alone");
    }

    @Override
    public CheckReport check() throws ConnectorException {
        onCheck.run();
        if (rateLimit != null) throw limited(rateLimit);
        requireUp();
        return new CheckReport(true, List.of(), Map.of());
    }

    @Override
    public Catalog discover() throws ConnectorException {
        requireUp();
        if (undescribed) throw new ConnectorException.Transient("the description is not there", null);
        var defs = fields.values().stream()
                .map(def -> required.contains(def.name())
                        ? NativeFields.field(def.name(), def.type(), false, def.options())
                        : def)
                .toList();
        var ops = new TreeSet<>(Set.of(Op.CREATE, Op.UPDATE, Op.CONDITIONAL_UPDATE));
        if (clears) ops.add(Op.CLEAR_FIELD);
        if (archives) ops.add(Op.ARCHIVE);
        else if (deletes) ops.add(Op.DELETE);
        if (undeletes) ops.add(Op.UNDELETE);
        if (merges != null) ops.add(Op.MERGE);
        var can = new Capabilities(
                ops,
                Set.of(Feed.SNAPSHOT, Feed.INCREMENTAL, Feed.DELETES),
                new Capabilities.Reading(
                        new Cursor(Cursor.Kind.SEQUENCE, Duration.ofMillis(1), true, null),
                        new DeleteFeed(provesDeletes, Duration.ZERO, null),
                        null,
                        Duration.ZERO,
                        Integer.MAX_VALUE),
                new Capabilities.Writing(maxBatch, false, fields.containsKey(LINK_KEY) ? Set.of(LINK_KEY) : Set.of()),
                List.of(),
                merges == null
                        ? null
                        : new MergeRules(
                                maxLosers,
                                merges,
                                FillRule.WINNER_THEN_FILL_BLANKS,
                                false,
                                false,
                                false,
                                undeletesLosers));
        return new Catalog(
                id,
                List.of(new StreamDef(
                        stream, stream, defs, relations, new StreamDef.IdRules(true, true, true, aliases), can)),
                Integer.toString(defs.hashCode()));
    }

    @Override
    public Lookups lookups() {
        return this;
    }

    @Override
    public <F> Optional<F> facet(Class<F> type) {
        if (type == Merger.class && merges == null) return Optional.empty();
        if (type == Restorer.class && !undeletes) return Optional.empty();
        return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }

    @Override
    public void close() {}

    @Override
    public Map<String, Lookup> byId(Query query, Collection<String> ids) throws ConnectorException {
        requireUp();
        schema.require(query);
        var answers = new TreeMap<String, Lookup>();
        for (var wanted : ids) {
            var answer = lookUp(wanted);
            answers.put(
                    wanted,
                    answer instanceof Lookup.Found found
                            ? new Lookup.Found(schema.shown(found.record(), query))
                            : answer);
        }
        return answers;
    }

    @Override
    public Map<String, List<NativeRecord>> byKey(Query query, String keyField, Collection<String> values)
            throws ConnectorException {
        requireUp();
        schema.require(query);
        beforeLook.run();
        var answers = new TreeMap<String, List<NativeRecord>>();
        for (var value : values) {
            answers.put(
                    value,
                    records.values().stream()
                            .filter(record -> value.equals(record.fields().get(keyField)))
                            .map(record -> schema.shown(record, query))
                            .toList());
        }
        return answers;
    }

    @Override
    public Page page(Query query, Checkpoint cursor, int maxRecords) throws ConnectorException {
        requireStream(query);
        schema.require(query);
        var after = cursor == null ? "" : cursor.json();
        var page = records.values().stream()
                .filter(record -> record.id().id().compareTo(after) > 0)
                .limit(maxRecords)
                .map(record -> schema.shown(record, query))
                .toList();
        boolean last = page.size() < maxRecords;
        var next = last
                ? null
                : new Checkpoint(
                        "sim", 1, stream, page.get(page.size() - 1).id().id());
        return new Page(page, List.of(), next, last);
    }

    @Override
    public Checkpoint start(Query query, StartAt at) {
        return new Checkpoint("sim", 1, stream, Integer.toString(log.size()));
    }

    @Override
    public ChangeBatch poll(Query query, Checkpoint from, int maxRecords) throws ConnectorException {
        requireStream(query);
        schema.require(query);
        int start = Integer.parseInt(from.json());
        if (start < forgotten) throw new ConnectorException.CheckpointExpired(null, "the log begins later");
        int end = Math.min(log.size(), start + maxRecords);
        return new ChangeBatch(
                log.subList(start, end).stream()
                        .map(change -> schema.shown(change, query))
                        .toList(),
                List.of(),
                new Checkpoint("sim", 1, stream, Integer.toString(end)),
                end == log.size(),
                clock.instant());
    }

    @Override
    public List<WriteResult> write(String stream, List<WriteOp> ops, WriteOptions options) throws ConnectorException {
        requireUp();
        var results = new ArrayList<WriteResult>();
        for (var op : ops) {
            var instead = fault.apply(op);
            if (instead != null) {
                results.add(instead);
                continue;
            }
            var result = apply(op);
            boolean lost = loseReplies && result instanceof WriteResult.Applied;
            results.add(lost ? new WriteResult.Ambiguous(op.opId(), "no reply within the deadline") : result);
        }
        beforeReply.run();
        return results;
    }

    private WriteResult apply(WriteOp op) {
        if (poisoned.test(op)) return rejected(op, RecordError.Code.VALIDATION);
        var refusal = schema.refusal(op);
        if (refusal != null) return new WriteResult.Rejected(op.opId(), refusal);
        if (op instanceof WriteOp.Create create) {
            boolean taken = records.values().stream()
                    .anyMatch(record -> create.linkKey().equals(record.fields().get(LINK_KEY)));
            if (taken) return rejected(op, RecordError.Code.DUPLICATE);
            if (!create.set().keySet().containsAll(required)) return rejected(op, RecordError.Code.REQUIRED_MISSING);
            var fields = new LinkedHashMap<String, Object>();
            create.set().forEach((field, value) -> fields.put(field, normalise.apply(field, value)));
            fields.put(LINK_KEY, create.linkKey());
            return applied(op, id + "-new-" + nextId++, fields);
        }
        if (op instanceof WriteOp.Update update) {
            var before = records.get(update.id());
            if (before == null) {
                boolean merged = mergedInto.containsKey(update.id());
                return rejected(op, merged ? RecordError.Code.MERGED_AWAY : RecordError.Code.NOT_FOUND);
            }
            if (update.expectedVersion() != null && !update.expectedVersion().equals(before.version())) {
                return rejected(op, RecordError.Code.VERSION_CONFLICT);
            }
            if (!clears && !update.clear().isEmpty()) return rejected(op, RecordError.Code.FIELD_NOT_WRITABLE);
            var fields = new LinkedHashMap<>(before.fields());
            update.set().forEach((field, value) -> fields.put(field, normalise.apply(field, value)));
            update.clear().forEach(field -> fields.put(field, null));
            return applied(op, update.id(), fields);
        }
        if (op instanceof WriteOp.Delete delete && deletes) {
            var before = records.get(delete.id());
            if (before == null) return rejected(op, RecordError.Code.NOT_FOUND);
            if (delete.expectedVersion() != null && !delete.expectedVersion().equals(before.version())) {
                return rejected(op, RecordError.Code.VERSION_CONFLICT);
            }
            effects.add(op);
            delete(delete.id());
            return new WriteResult.Applied(op.opId(), delete.id(), false, null, null);
        }
        return rejected(op, RecordError.Code.UNSUPPORTED);
    }

    @Override
    public MergeResult merge(MergeCommand command) throws ConnectorException {
        requireUp();
        var winner = command.winner().id();
        var losers = command.losers().stream().map(RecordId::id).toList();
        asked.add(losers);
        if (losers.size() > maxLosers) throw new IllegalArgumentException("too many: " + losers);
        if (losers.stream().anyMatch(refusesLoser)) {
            return new MergeResult.Rejected(new RecordError(
                    RecordError.Code.VALIDATION, null, "VALIDATION", "one is locked", List.of(), false));
        }
        if (!records.containsKey(winner) || !records.keySet().containsAll(losers)) {
            return new MergeResult.Rejected(
                    new RecordError(RecordError.Code.NOT_FOUND, null, "NOT_FOUND", "one is gone", List.of(), false));
        }
        merged.add(command);
        var result = winner;
        var retired = new ArrayList<RecordId>();
        for (var loser : command.losers()) {
            if (leavesOut.test(loser.id())) continue;
            result = merge(result, loser.id(), merges == SurvivorId.NEW_ID);
            retired.add(loser);
        }
        beforeReply.run();
        if (loseReplies) return new MergeResult.Ambiguous("no reply within the deadline");
        return new MergeResult.Done(new RecordId(STREAM, result), retired);
    }

    @Override
    public MergeResult poll(String handle) {
        throw new IllegalArgumentException("no merge is pending: " + handle);
    }

    @Override
    public List<WriteResult> undelete(String stream, Map<String, String> idsByOp) throws ConnectorException {
        requireUp();
        undeleted.addAll(idsByOp.values());
        if (late) underWay.addAll(idsByOp.values());
        var results = new ArrayList<WriteResult>();
        idsByOp.forEach((op, wanted) -> {
            boolean back = !late && restore(wanted);
            results.add(
                    late || loseReplies && back
                            ? new WriteResult.Ambiguous(op, "no reply within the deadline")
                            : back
                                    ? new WriteResult.Applied(op, wanted, false, null, null)
                                    : new WriteResult.Rejected(
                                            op,
                                            new RecordError(
                                                    RecordError.Code.NOT_FOUND,
                                                    null,
                                                    "NOT_FOUND",
                                                    "is not in the bin",
                                                    List.of(),
                                                    false)));
        });
        beforeReply.run();
        return results;
    }

    /** The feed tells late what a record held. */
    void tell(NativeRecord record) {
        log.add(new Change.Upserted(record.id(), record.modifiedAt(), record));
    }

    /** The feed tells late that a record was deleted. */
    void tellDeleted(String recordId) {
        log.add(new Change.Deleted(new RecordId(stream, recordId), clock.instant(), true));
    }

    /** What was under way arrives. */
    void arrive() {
        underWay.forEach(this::restore);
        underWay.clear();
    }

    /** Brings a record back as it was, without a new time of change; whether it could. */
    boolean restore(String recordId) {
        if (records.containsKey(recordId)) return true;
        var was = bin.remove(recordId);
        if (was == null) return false;
        mergedInto.remove(recordId);
        records.put(recordId, was);
        log.add(new Change.Restored(was.id(), clock.instant()));
        return true;
    }

    private WriteResult applied(WriteOp op, String recordId, Map<String, Object> fields) {
        effects.add(op);
        boolean created = !records.containsKey(recordId);
        var record = put(recordId, fields, "hub");
        return new WriteResult.Applied(
                op.opId(), recordId, created, record.version(), repliesWithRecord ? record : null);
    }

    private static WriteResult rejected(WriteOp op, RecordError.Code code) {
        return new WriteResult.Rejected(
                op.opId(), new RecordError(code, null, code.name(), "refused", List.of(), false));
    }
}
