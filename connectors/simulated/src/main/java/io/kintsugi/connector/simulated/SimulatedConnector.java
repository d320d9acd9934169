package io.kintsugi.connector.simulated;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Capabilities.Cursor;
import io.kintsugi.connector.spi.Capabilities.DeleteFeed;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.FillRule;
import io.kintsugi.connector.spi.Capabilities.MergeRules;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Capabilities.Quota;
import io.kintsugi.connector.spi.Capabilities.SurvivorId;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.FieldDef.FieldType;
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
import io.kintsugi.connector.spi.StreamDef.RelationDef;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The hub's way into a simulated system, over a line on which things go wrong. */
final class SimulatedConnector implements Connector, Lookups, SnapshotSource, ChangeSource, Writer, Merger, Restorer {
    private static final String TYPE = "simulated";
    private final SimulatedSystem system;
    private final Line line;
    private volatile Described described;

    SimulatedConnector(SimulatedSystem system, Line line) {
        this.system = system;
        this.line = line;
    }

    private Nature nature() {
        return system.nature();
    }

    /** What a system is like may change while it runs, as fields are added; it is described anew then. */
    private record Described(Nature nature, Catalog catalog, Set<String> fields) {}

    private Described described() {
        var now = described;
        if (now != null && now.nature() == nature()) return now;
        var nature = nature();
        var stream = describe();
        now = new Described(
                nature,
                new Catalog(system.id(), List.of(stream), stream.toString()),
                stream.fields().stream().map(FieldDef::name).collect(Collectors.toUnmodifiableSet()));
        described = now;
        return now;
    }

    /** What a call does once it is there. */
    private interface Work<T> {
        T run() throws ConnectorException;
    }

    private Line.Fate request(boolean writes) throws ConnectorException {
        var fate = line.request(system.id(), writes);
        var pause = fate == Line.Fate.ARRIVES ? system.admit() : Duration.ZERO;
        if (pause.isZero()) return fate;
        line.limited(system.id(), pause);
        throw new ConnectorException.RateLimited(
                ConnectorException.RateLimited.Scope.BURST, pause, system.id() + " was called too often");
    }

    private <T> T read(Work<T> work) throws ConnectorException {
        if (request(false) != Line.Fate.ARRIVES) throw timeout();
        var answer = work.run();
        if (!line.reply(system.id())) throw timeout();
        return answer;
    }

    private <T> T read(Query query, Work<T> work) throws ConnectorException {
        requireStream(query.stream());
        var unknown = new TreeSet<>(query.fields());
        unknown.removeAll(described().fields());
        if (!unknown.isEmpty()) throw drift(query.stream(), unknown);
        return read(work);
    }

    private void requireStream(String stream) throws ConnectorException {
        if (!stream.equals(system.stream())) throw drift(stream, Set.of());
    }

    private ConnectorException drift(String stream, Set<String> unknown) {
        return new ConnectorException.SchemaDrift(
                stream, unknown, system.id() + " has no stream " + stream + " with the fields " + unknown);
    }

    private ConnectorException timeout() {
        return new ConnectorException.Transient(system.id() + " does not answer", null);
    }

    @Override
    public CheckReport check() throws ConnectorException {
        return read(() -> new CheckReport(true, List.of(), Map.of()));
    }

    @Override
    public Catalog discover() throws ConnectorException {
        return read(() -> described().catalog());
    }

    private StreamDef describe() {
        var fields = new ArrayList<FieldDef>();
        for (var name : nature().fields())
            fields.add(field(name, nature().unique().contains(name)));
        if (nature().has(Trait.LINK_KEY)) fields.add(field(SimulatedSystem.LINK_KEY, true));
        boolean tells = nature().has(Trait.TELLS_DELETES);
        var feeds = EnumSet.of(Feed.SNAPSHOT, Feed.INCREMENTAL);
        if (tells) feeds.add(Feed.DELETES);
        if (nature().has(Trait.TELLS_MERGES) && nature().merges()) feeds.add(Feed.MERGES);
        boolean sorted = nature().has(Trait.TELLS_STATES) && !nature().has(Trait.HINTS);
        var can = new Capabilities(
                ops(),
                feeds,
                new Capabilities.Reading(
                        new Cursor(Cursor.Kind.SEQUENCE, nature().stamp(), sorted, nature().retention()),
                        tells ? new DeleteFeed(DeleteFeed.Source.LOG, Duration.ZERO, nature().retention()) : null,
                        null,
                        nature().visibilityLag(),
                        Integer.MAX_VALUE),
                new Capabilities.Writing(
                        nature().maxBatch(),
                        false,
                        nature().has(Trait.LINK_KEY) ? Set.of(SimulatedSystem.LINK_KEY) : Set.of()),
                quotas(),
                nature().merges() ? mergeRules() : null);
        boolean mints = nature().has(Trait.MERGES_MINTING_ID);
        return new StreamDef(
                system.stream(),
                system.stream(),
                fields,
                relations(),
                new StreamDef.IdRules(true, true, !mints, nature().merges()),
                can);
    }

    private List<Quota> quotas() {
        var allowance = nature().vices().allowance();
        if (allowance == null || !allowance.declared()) return List.of();
        return List.of(new Quota("calls", allowance.calls(), allowance.window(), null));
    }

    private List<RelationDef> relations() {
        return nature().references().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(one -> new RelationDef(one.getKey(), one.getKey(), Set.of(one.getValue()), false, false))
                .toList();
    }

    private Set<Op> ops() {
        var ops = EnumSet.of(Op.CREATE, Op.UPDATE, Op.CLEAR_FIELD);
        if (nature().has(Trait.CONDITIONAL)) ops.add(Op.CONDITIONAL_UPDATE);
        if (nature().has(Trait.DELETES)) ops.add(Op.DELETE);
        if (nature().has(Trait.UNDELETES)) ops.add(Op.UNDELETE);
        if (nature().merges()) ops.add(Op.MERGE);
        return ops;
    }

    private MergeRules mergeRules() {
        var survivor = nature().has(Trait.MERGES_MINTING_ID) ? SurvivorId.NEW_ID : SurvivorId.WINNER_KEPT;
        boolean back = nature().has(Trait.UNDELETES) && nature().has(Trait.UNDELETES_LOSERS);
        return new MergeRules(nature().losers(), survivor, FillRule.WINNER_THEN_FILL_BLANKS, false, false, false, back);
    }

    private static FieldDef field(String name, boolean unique) {
        return new FieldDef(name, FieldType.STRING, true, true, true, unique, true, false, null, List.of(), false);
    }

    @Override
    public Lookups lookups() {
        return this;
    }

    @Override
    public <F> Optional<F> facet(Class<F> type) {
        if (type == Merger.class && !nature().merges()) return Optional.empty();
        if (type == Restorer.class && !nature().has(Trait.UNDELETES)) return Optional.empty();
        return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }

    @Override
    public void close() {}

    @Override
    public Map<String, Lookup> byId(Query query, Collection<String> ids) throws ConnectorException {
        return read(query, () -> {
            var answers = new TreeMap<String, Lookup>();
            for (var id : ids) answers.put(id, lookup(id));
            return answers;
        });
    }

    private Lookup lookup(String id) {
        var row = system.find(id);
        if (row != null) return new Lookup.Found(row.nativeRecord(system.stream(), nature()));
        var survivor = system.survivorOf(id);
        if (survivor != null) {
            var there = nature().vices().terse() ? null : system.rows().get(survivor);
            return new Lookup.MergedInto(
                    system.recordId(survivor), there == null ? null : there.nativeRecord(system.stream(), nature()));
        }
        return system.binned(id) != null ? new Lookup.Gone(null, nature().has(Trait.UNDELETES)) : new Lookup.Unknown();
    }

    @Override
    public Map<String, List<NativeRecord>> byKey(Query query, String keyField, Collection<String> values)
            throws ConnectorException {
        if (!described().fields().contains(keyField)) throw drift(query.stream(), Set.of(keyField));
        return read(query, () -> {
            var answers = new TreeMap<String, List<NativeRecord>>();
            for (var value : values) {
                answers.put(
                        value,
                        system.searched().stream()
                                .map(row -> row.nativeRecord(system.stream(), nature()))
                                .filter(record -> value.equals(record.fields().get(keyField)))
                                .toList());
            }
            return answers;
        });
    }

    @Override
    public Page page(Query query, Checkpoint cursor, int maxRecords) throws ConnectorException {
        return read(query, () -> {
            var after = cursor == null ? "" : text(cursor);
            var page = system.live().stream()
                    .filter(row -> row.id().compareTo(after) > 0)
                    .limit(maxRecords)
                    .map(row -> row.nativeRecord(system.stream(), nature()))
                    .toList();
            boolean last = page.size() < maxRecords;
            var next = last ? null : checkpoint(page.get(page.size() - 1).id().id());
            return new Page(page, List.of(), next, last);
        });
    }

    private Checkpoint checkpoint(String json) {
        return new Checkpoint(TYPE, 1, system.stream(), json);
    }

    private static String text(Checkpoint checkpoint) throws ConnectorException {
        if (checkpoint.connectorType().equals(TYPE) && checkpoint.formatVersion() == 1) return checkpoint.json();
        throw new ConnectorException.CheckpointExpired(null, "not a position of this connector");
    }

    /** Number of the first change that may not be visible yet: what a careful connector never reads past. */
    private int visible() {
        var now = system.clock().instant();
        var log = system.log();
        for (int i = 0; i < log.size(); i++) if (log.get(i).visibleAt().isAfter(now)) return i;
        return log.size();
    }

    @Override
    public Checkpoint start(Query query, StartAt at) throws ConnectorException {
        return read(query, () -> checkpoint(Integer.toString(at == StartAt.NOW ? visible() : 0)));
    }

    @Override
    public ChangeBatch poll(Query query, Checkpoint from, int maxRecords) throws ConnectorException {
        return read(query, () -> {
            int start = Integer.parseInt(text(from));
            if (start < system.forgotten()) throw new ConnectorException.CheckpointExpired(null, "forgotten");
            int visible = visible();
            int end = Math.min(visible, start + maxRecords);
            int first = Math.max(system.forgotten(), start - line.repeats());
            var changes = system.log().subList(Math.min(first, end), end).stream()
                    .map(SimulatedSystem.Entry::change)
                    .toList();
            return new ChangeBatch(told(changes), List.of(), checkpoint(Integer.toString(end)), end == visible, null);
        });
    }

    private List<Change> told(List<Change> changes) {
        if (nature().has(Trait.TELLS_STATES)) return changes;
        var told = new ArrayList<Change>();
        var ids = new LinkedHashSet<String>();
        for (var change : changes) {
            if (change instanceof Change.Upserted || change instanceof Change.Restored) {
                ids.add(change.id().id());
            } else {
                told.add(change);
            }
        }
        for (var id : ids) {
            var row = system.rows().get(id);
            if (nature().has(Trait.HINTS)) told.add(new Change.Hint(system.recordId(id), null, null));
            else if (row != null) {
                told.add(new Change.Upserted(
                        system.recordId(id),
                        nature().stamped(row.changedAt()),
                        row.nativeRecord(system.stream(), nature())));
            }
        }
        return told;
    }

    @Override
    public List<WriteResult> write(String stream, List<WriteOp> ops, WriteOptions options) throws ConnectorException {
        requireStream(stream);
        var fate = request(true);
        if (fate == Line.Fate.LATE) {
            line.later(() -> ops.forEach(system::apply));
            return unknown(ops);
        }
        if (fate == Line.Fate.LOST) return unknown(ops);
        var results = new ArrayList<WriteResult>();
        for (var op : ops) {
            var refusal = line.refusal(op);
            results.add(refusal == null ? system.apply(op) : refused(op, refusal));
        }
        return line.reply(system.id()) ? results : unknown(ops);
    }

    private static WriteResult refused(WriteOp op, RecordError error) {
        return new WriteResult.Rejected(op.opId(), error);
    }

    private static List<WriteResult> unknown(List<WriteOp> ops) {
        return ops.stream()
                .<WriteResult>map(op -> new WriteResult.Ambiguous(op.opId(), "no reply within the deadline"))
                .toList();
    }

    @Override
    public MergeResult merge(MergeCommand command) throws ConnectorException {
        var fate = request(true);
        var winner = command.winner().id();
        var losers = command.losers().stream().map(RecordId::id).toList();
        if (fate == Line.Fate.LATE) line.later(() -> system.merge(winner, losers));
        if (fate != Line.Fate.ARRIVES) return new MergeResult.Ambiguous("no reply within the deadline");
        var result = system.merge(winner, losers);
        if (!line.reply(system.id())) return new MergeResult.Ambiguous("no reply within the deadline");
        if (result == null) {
            var code = system.absence(winner, losers);
            return new MergeResult.Rejected(
                    new RecordError(code, null, code.name(), "one of them is not there", List.of(), false));
        }
        var retired = new ArrayList<>(command.losers());
        if (!result.equals(winner)) retired.add(command.winner());
        return new MergeResult.Done(system.recordId(result), retired);
    }

    @Override
    public MergeResult poll(String handle) {
        throw new IllegalArgumentException("no merge is pending: " + handle);
    }

    @Override
    public List<WriteResult> undelete(String stream, Map<String, String> idsByOp) throws ConnectorException {
        var fate = request(true);
        var results = new LinkedHashMap<String, WriteResult>();
        idsByOp.forEach((op, id) -> results.put(
                op,
                fate == Line.Fate.ARRIVES
                        ? system.undelete(op, id)
                        : new WriteResult.Ambiguous(op, "no reply within the deadline")));
        if (fate == Line.Fate.LATE) line.later(() -> idsByOp.forEach(system::undelete));
        if (fate != Line.Fate.ARRIVES || line.reply(system.id())) return List.copyOf(results.values());
        return idsByOp.keySet().stream()
                .<WriteResult>map(op -> new WriteResult.Ambiguous(op, "no reply within the deadline"))
                .toList();
    }
}
