package io.kintsugi.connector.simulated;

import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A source system in memory with one stream, or one of the streams of a {@link SimulatedApp}. People work in it through this class, the
 * hub through its {@link #connector}. Not thread-safe: one thread drives a simulation.
 */
public final class SimulatedSystem {
    /** Name of the stream of a system that has one. */
    public static final String STREAM = "records";
    /** Field of the key of creates, where there is one. */
    public static final String LINK_KEY = "hub_key";

    private final String id;
    private final String stream;
    private final String prefix;
    private final List<SimulatedSystem> referrers = new ArrayList<>();
    private Nature nature;
    private final Clock clock;
    private final Supplier<Duration> delays;
    private final SortedMap<String, Row> rows = new TreeMap<>();
    private final Map<String, Binned> bin = new HashMap<>();
    private final Map<String, String> mergedInto = new HashMap<>();
    private final Map<String, Instant> found = new HashMap<>();
    private final List<Entry> log = new ArrayList<>();
    private final Index index;
    private final Meter meter;
    private Consumer<Effect> witness = effect -> {};
    private Consumer<WriteOp> refusals = op -> {};
    private BiConsumer<WriteOp, String> declines = (op, field) -> {};
    private int nextId = 1;

    /**
     * @param delays how long the feed takes to show each next change, at most {@link Nature#lag}
     */
    public SimulatedSystem(String id, Nature nature, Clock clock, Supplier<Duration> delays) {
        this(id, STREAM, id, nature, clock, delays);
    }

    /**
     * A stream of a system with several.
     *
     * @param prefix what its ids begin with; unlike that of the other streams
     */
    public SimulatedSystem(
            String id, String stream, String prefix, Nature nature, Clock clock, Supplier<Duration> delays) {
        this.id = id;
        this.stream = stream;
        this.prefix = prefix;
        this.nature = nature;
        this.clock = clock;
        this.delays = delays;
        this.index = new Index(clock);
        this.meter = new Meter(clock);
    }

    /** A record that is not there any more, and since when. */
    private record Binned(Row row, Instant since) {}

    /** A change in the log of the system; the feed shows it from {@code visibleAt} on. */
    record Entry(Change change, Instant at, Instant visibleAt) {}

    /**
     * A write of the hub that took effect.
     *
     * @param op for an undelete an update that changes nothing
     * @param before null for a create and for an undelete
     * @param after null for a delete
     */
    public record Effect(String system, WriteOp op, Row before, Row after) {}

    /** Who is told of each effect before it happens. */
    public void witness(Consumer<Effect> told) {
        this.witness = told;
    }

    /** Who is told of each write that is refused because its record is not what the hub takes it for. */
    public void refusals(Consumer<WriteOp> told) {
        this.refusals = told;
    }

    /** Who is told of each write that is refused because a field does not take the value, and of which field. */
    public void declines(BiConsumer<WriteOp, String> told) {
        this.declines = told;
    }

    public String id() {
        return id;
    }

    public Nature nature() {
        return nature;
    }

    /** It is like this from now on, as after a change of its schema or its licence. What records hold stays. */
    public void become(Nature other) {
        nature = other;
    }

    String stream() {
        return stream;
    }

    /** References of another stream follow the merges of this one, as in systems that know what belongs together. */
    void referredBy(SimulatedSystem other) {
        referrers.add(other);
    }

    /** Live records by id; a view. */
    public SortedMap<String, Row> rows() {
        return Collections.unmodifiableSortedMap(rows);
    }

    /** When a record was last looked up and found; null if never. */
    public Instant found(String recordId) {
        return found.get(recordId);
    }

    /** A record is looked up. Returns null if it is not there. */
    Row find(String recordId) {
        var row = rows.get(recordId);
        if (row != null) found.put(recordId, clock.instant());
        return row;
    }

    /** Which record an id was merged into, that may have been merged itself since; null if it was not merged. */
    public String mergedInto(String recordId) {
        return mergedInto.get(recordId);
    }

    /** Ids that were merged into others; a view. */
    public Set<String> mergedAway() {
        return Collections.unmodifiableSet(mergedInto.keySet());
    }

    /** Where a merged id leads to, over any number of merges; null if it was not merged. */
    public String survivorOf(String recordId) {
        var next = mergedInto.get(recordId);
        while (next != null && mergedInto.containsKey(next)) next = mergedInto.get(next);
        return next;
    }

    /** The way to this system for the hub. Valid for the life of the system; closing it does nothing. */
    public Connector connector(Line line) {
        return new SimulatedConnector(this, line);
    }

    // what people do

    /** Returns the id of the new record; null if a unique field is taken. What a field does not take is left out. */
    public String create(Map<String, String> entered) {
        var values = offered(entered);
        if (taken(values, null) != null) return null;
        var row = new Row(newId(), null, cells(Map.of(), values, false), 1, clock.instant());
        put(row);
        return row.id();
    }

    /** Changes fields of a record; a null value empties. What is not there stays so, and what a field does not take is left out. */
    public void edit(String recordId, Map<String, String> entered) {
        var values = offered(entered);
        var before = rows.get(recordId);
        if (before == null || values.isEmpty() && !entered.isEmpty() || taken(values, recordId) != null) return;
        put(new Row(
                recordId,
                before.linkKey(),
                cells(before.cells(), values, false),
                before.version() + 1,
                clock.instant()));
    }

    private Map<String, String> offered(Map<String, String> entered) {
        var values = new HashMap<>(entered);
        values.keySet().removeIf(field -> !nature.vices().takes(field, entered.get(field)));
        return values;
    }

    public void delete(String recordId) {
        remove(recordId);
    }

    /** Brings back what was deleted and can be; a record that was merged stays away. */
    public void restore(String recordId) {
        if (!mergedInto.containsKey(recordId)) bringBack(recordId);
    }

    private void bringBack(String recordId) {
        var row = binned(recordId);
        bin.remove(recordId);
        mergedInto.remove(recordId);
        if (row == null) return;
        log(new Change.Restored(recordId(recordId), nature.stamped(clock.instant())));
        put(new Row(recordId, row.linkKey(), row.cells(), row.version() + 1, clock.instant()));
    }

    /**
     * Merges two records as the system does it; empty fields of the winner are filled from the loser.
     *
     * @return id of the result; null if the system cannot, or one is not there
     */
    public String merge(String winner, String loser) {
        var kept = rows.get(winner);
        var lost = rows.get(loser);
        if (!nature.merges() || kept == null || lost == null || winner.equals(loser)) return null;
        var cells = new HashMap<>(lost.cells());
        kept.cells().forEach((field, cell) -> {
            if (cell.value() != null) cells.put(field, cell);
        });
        var now = clock.instant();
        boolean mints = nature.has(Trait.MERGES_MINTING_ID);
        var result = mints ? newId() : winner;
        drop(loser);
        drop(winner);
        if (nature.has(Trait.UNDELETES_LOSERS)) bin.put(loser, new Binned(lost, now));
        mergedInto.put(loser, result);
        var losers = new ArrayList<>(List.of(recordId(loser)));
        if (mints) {
            mergedInto.put(winner, result);
            losers.add(recordId(winner));
        }
        if (nature.has(Trait.TELLS_MERGES))
            log(new Change.Merged(recordId(result), nature.stamped(now), losers, "FEED"));
        else losers.forEach(gone -> tellDeleted(gone, now));
        put(new Row(result, kept.linkKey(), cells, kept.version() + 1, now));
        for (var other : referrers) losers.forEach(gone -> other.refer(stream, gone.id(), result));
        return result;
    }

    /**
     * Merges some records into one, all or none.
     *
     * @return id of the result; null if the system cannot, or one is not there
     */
    String merge(String winner, List<String> losers) {
        if (losers.size() > nature.losers())
            throw new IllegalArgumentException(id + " takes " + nature.losers() + " losers, not " + losers.size());
        if (!rows.containsKey(winner) || !rows.keySet().containsAll(losers)) return null;
        var result = winner;
        for (var loser : losers) result = merge(result, loser);
        return result;
    }

    private void refer(String to, String before, String after) {
        nature.references().forEach((field, target) -> {
            if (!target.equals(to)) return;
            for (var row : List.copyOf(rows.values())) {
                if (before.equals(row.value(field))) edit(row.id(), Map.of(field, after));
            }
        });
    }

    // what the hub does

    /** A call of the hub is there. Returns zero if it is answered, otherwise after what time one may be. */
    Duration admit() {
        return meter.take(nature.vices().allowance());
    }

    /** Applies one write of the hub. */
    WriteResult apply(WriteOp op) {
        if (op instanceof WriteOp.Create create) return create(create);
        if (op instanceof WriteOp.Update update) return update(update);
        return delete((WriteOp.Delete) op);
    }

    private WriteResult create(WriteOp.Create op) {
        if (nature.has(Trait.LINK_KEY)) {
            for (var row : rows.values()) {
                if (op.linkKey().equals(row.linkKey())) return refused(op, Code.DUPLICATE, List.of(row.id()));
            }
        }
        var values = texts(op.set());
        var unfit = unfit(op, values);
        if (unfit != null) return unfit;
        var taken = taken(values, null);
        if (taken != null) return refused(op, Code.DUPLICATE, List.of(taken));
        var linkKey = nature.has(Trait.LINK_KEY) ? op.linkKey() : null;
        var row = new Row(newId(), linkKey, cells(Map.of(), values, true), 1, clock.instant());
        witness.accept(new Effect(id, op, null, row));
        put(row);
        return applied(op, row, true);
    }

    private WriteResult update(WriteOp.Update op) {
        var before = rows.get(op.id());
        if (before == null) return absent(op, op.id());
        if (!asExpected(before, op.expected(), op.expectedVersion())) {
            return refused(op, Code.VERSION_CONFLICT, List.of());
        }
        var values = texts(op.set());
        op.clear().forEach(field -> values.put(field, null));
        var unfit = unfit(op, values);
        if (unfit != null) return unfit;
        var taken = taken(values, op.id());
        if (taken != null) return refused(op, Code.DUPLICATE, List.of(taken));
        var cells = cells(before.cells(), values, true);
        var row = new Row(op.id(), before.linkKey(), cells, before.version() + 1, clock.instant());
        boolean changes =
                nature.fields().stream().anyMatch(field -> !Objects.equals(before.value(field), row.value(field)));
        witness.accept(new Effect(id, op, before, row));
        if (!changes && !nature.has(Trait.BUMPS_UNCHANGED)) return applied(op, before, false);
        put(row);
        return applied(op, row, false);
    }

    private WriteResult delete(WriteOp.Delete op) {
        if (!nature.has(Trait.DELETES)) return refused(op, Code.UNSUPPORTED, List.of());
        var before = rows.get(op.id());
        if (before == null) return absent(op, op.id());
        if (!asExpected(before, op.expected(), op.expectedVersion())) {
            return refused(op, Code.VERSION_CONFLICT, List.of());
        }
        witness.accept(new Effect(id, op, before, null));
        remove(op.id());
        return new WriteResult.Applied(op.opId(), op.id(), false, null, null);
    }

    WriteResult undelete(String opId, String recordId) {
        var op = new WriteOp.Update(opId, recordId, Map.of(), Set.of(), Map.of(), null);
        if (rows.containsKey(recordId)) return applied(op, rows.get(recordId), false);
        var row = binned(recordId);
        if (row == null) return absent(op, recordId);
        var values = new HashMap<String, String>();
        for (var field : nature.unique()) values.put(field, row.value(field));
        var taken = taken(values, recordId);
        if (taken != null) return refused(op, Code.DUPLICATE, List.of(taken));
        witness.accept(new Effect(id, op, null, row));
        bringBack(recordId);
        return applied(op, rows.get(recordId), false);
    }

    private boolean asExpected(Row row, Map<String, Object> expected, String version) {
        if (!nature.has(Trait.CONDITIONAL)) return true;
        if (version != null && nature.has(Trait.VERSIONS) && !version.equals(Long.toString(row.version()))) {
            return false;
        }
        return expected.entrySet().stream()
                .allMatch(entry -> Objects.equals(entry.getValue(), row.value(entry.getKey())));
    }

    private WriteResult absent(WriteOp op, String recordId) {
        var survivor = survivorOf(recordId);
        return refused(op, absence(recordId), survivor == null ? List.of() : List.of(survivor));
    }

    private Code absence(String recordId) {
        if (mergedInto.containsKey(recordId)) return Code.MERGED_AWAY;
        return binned(recordId) != null ? Code.DELETED : Code.NOT_FOUND;
    }

    /** Why a merge is refused of which one record is not there: what became of that, of the winner first. */
    Code absence(String winner, List<String> losers) {
        return Stream.concat(Stream.of(winner), losers.stream())
                .filter(id -> !rows.containsKey(id))
                .map(this::absence)
                .findFirst()
                .orElseThrow();
    }

    private WriteResult applied(WriteOp op, Row row, boolean created) {
        return new WriteResult.Applied(
                op.opId(),
                row.id(),
                created,
                nature.has(Trait.VERSIONS) ? Long.toString(row.version()) : null,
                nature.has(Trait.TELLS_RECORD) ? row.nativeRecord(stream, nature) : null);
    }

    private WriteResult refused(WriteOp op, Code code, List<String> existing) {
        if (!(op instanceof WriteOp.Create)) refusals.accept(op);
        return new WriteResult.Rejected(
                op.opId(), new RecordError(code, null, code.name(), "refused by the simulation", existing, false));
    }

    /** Why the fields cannot be written; null if they can. */
    private WriteResult unfit(WriteOp op, Map<String, String> values) {
        for (var field : values.keySet()) {
            if (!nature.fields().contains(field))
                return refusedField(op, Code.UNKNOWN_FIELD, field, "there is no such field");
        }
        for (var field : values.keySet()) {
            if (nature.vices().takes(field, values.get(field))) continue;
            declines.accept(op, field);
            return refusedField(op, Code.VALIDATION, field, "there is no such option");
        }
        return null;
    }

    private static WriteResult refusedField(WriteOp op, Code code, String field, String why) {
        return new WriteResult.Rejected(op.opId(), new RecordError(code, field, code.name(), why, List.of(), false));
    }

    // what is there

    /** A record that is not there but can be brought back; null if there is none. */
    public Row binned(String recordId) {
        var binned = bin.get(recordId);
        boolean lost = binned == null
                || nature.bin() != null && binned.since().plus(nature.bin()).isBefore(clock.instant());
        return lost ? null : binned.row();
    }

    List<Entry> log() {
        return log;
    }

    Clock clock() {
        return clock;
    }

    /** Number of the first change that the feed still knows. */
    int forgotten() {
        if (nature.retention() == null) return 0;
        var oldest = clock.instant().minus(nature.retention());
        int first = 0;
        while (first < log.size() && log.get(first).at().isBefore(oldest)) first++;
        return first;
    }

    RecordId recordId(String recordId) {
        return new RecordId(stream, recordId);
    }

    private String newId() {
        return prefix + nextId++;
    }

    private String taken(Map<String, String> values, String but) {
        for (var field : nature.unique()) {
            var value = nature.rewritten(field, values.get(field));
            if (value == null) continue;
            for (var row : rows.values()) {
                if (!row.id().equals(but) && value.equals(row.value(field))) return row.id();
            }
        }
        return null;
    }

    private static Map<String, String> texts(Map<String, Object> values) {
        var texts = new HashMap<String, String>();
        values.forEach((field, value) -> texts.put(field, value.toString()));
        return texts;
    }

    private Map<String, Row.Cell> cells(Map<String, Row.Cell> before, Map<String, String> values, boolean byHub) {
        var cells = new HashMap<>(before);
        values.forEach((field, value) -> {
            var stored = nature.rewritten(field, value);
            var held = before.get(field);
            boolean same = held != null && Objects.equals(held.value(), stored);
            if (!same) cells.put(field, new Row.Cell(stored, clock.instant(), byHub));
        });
        return cells;
    }

    private void put(Row row) {
        rows.put(row.id(), row);
        index.put(row.id(), row, nature.vices().index());
        log(new Change.Upserted(recordId(row.id()), nature.stamped(row.changedAt()), row.nativeRecord(stream, nature)));
    }

    private void remove(String recordId) {
        var row = drop(recordId);
        if (row == null) return;
        bin.put(recordId, new Binned(row, clock.instant()));
        tellDeleted(recordId(recordId), clock.instant());
    }

    private Row drop(String recordId) {
        index.put(recordId, null, nature.vices().index());
        return rows.remove(recordId);
    }

    private void tellDeleted(RecordId gone, Instant at) {
        if (nature.has(Trait.TELLS_DELETES))
            log(new Change.Deleted(gone, nature.stamped(at), nature.has(Trait.UNDELETES)));
    }

    private void log(Change change) {
        var now = clock.instant();
        var told = now.plus(delays.get());
        var shown = index.shown(change.id().id());
        log.add(new Entry(change, now, shown.isAfter(told) ? shown : told));
    }

    Collection<Row> live() {
        return rows.values();
    }

    /** Records as look-ups by a key see them: as they are, or as they were some time ago. */
    Collection<Row> searched() {
        return nature.vices().index().isZero() ? rows.values() : index.rows();
    }
}
