package io.kintsugi.server.engine.audit;

import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.core.sync.Drift.Disposition;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.audit.AuditReport.Tally;
import io.kintsugi.server.engine.inbound.SeenIds;
import io.kintsugi.server.engine.inbound.Suppressed;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads one stream whole, a page at a time, while it is synchronised, and compares. A row that differs from what the hub believes may
 * only have changed a moment ago; it is doubtful until a poll that began after it was read is over, and then looked up. What still
 * differs then was not told. Holds one page of rows, at most {@value #MOST_DOUBTS} doubtful ones, and eight bytes for each id.
 *
 * <p>A call that fails changes nothing and can be repeated. Not thread-safe.
 */
public final class StreamAudit {
    static final int PAGE = 500;
    private static final int MOST_DOUBTS = 1000;
    private static final int MOST_ROUNDS = 3;
    private static final String CHANGING = "it changes faster than it can be compared";
    private final HubStore store;
    private final Clock clock;
    private final LiveModel model;
    private final StreamMapping mapping;
    private final Translator translator;
    private final RowComparison comparison;
    private final Findings findings;
    private final Cure cure;
    private final Duration lag;
    private final Tally tally;
    private final Map<String, Doubt> doubts = new LinkedHashMap<>();
    private final SeenIds seen;
    private Checkpoint page;
    private boolean read;
    private String missingAfter;
    private boolean over;
    /** From which instant on a poll must begin to tell what was read. */
    private Instant tells;

    /** @param row as it was read; null if it was not, though the hub believes that it is there */
    private record Doubt(Observation row, int rounds) {}

    /** Takes in what the hub was not told. */
    public interface Cure {
        /** Takes in nothing. */
        Cure NONE = (mapping, ids) -> false;

        /**
         * Reads records and takes in what became of them.
         *
         * @return whether anything was new
         */
        boolean takeIn(StreamMapping mapping, List<String> ids) throws ConnectorException;
    }

    StreamAudit(
            HubStore store,
            LiveModel model,
            Clock clock,
            String system,
            StreamMapping mapping,
            Findings findings,
            Cure cure,
            Duration lag) {
        this.store = store;
        this.clock = clock;
        this.model = model;
        this.mapping = mapping;
        this.translator = new Translator(system, mapping);
        this.comparison = new RowComparison(model, system, mapping);
        this.findings = findings;
        this.cure = cure;
        this.lag = lag;
        this.tally = new Tally(mapping.stream(), mapping.entityType());
        this.seen = new SeenIds(clock.instant());
    }

    Tally tally() {
        return tally;
    }

    boolean over() {
        return over;
    }

    boolean follows(StreamMapping other) {
        return mapping.equals(other);
    }

    /** From which instant on a poll must begin before there is anything to do; null if there is something now. */
    Instant waitsForPoll() {
        return tells;
    }

    /**
     * Does one piece of work: reads a page, or looks up a page of doubtful rows.
     *
     * @param polledAt when the last poll that told everything began; null if there was none
     */
    void step(Connector connector, Instant polledAt) throws ConnectorException {
        if (tells != null) {
            if (polledAt == null || polledAt.isBefore(tells)) return;
            settle(connector);
            tells = null;
        } else if (!read) {
            readPage(connector);
        } else if (!findMissing()) {
            over = doubts.isEmpty();
        }
        boolean full = doubts.size() >= MOST_DOUBTS;
        boolean end = read && missingAfter == null && !doubts.isEmpty();
        if (tells == null && (full || end)) tells = clock.instant().plus(lag);
    }

    private void readPage(Connector connector) throws ConnectorException {
        var snapshots = connector.facet(SnapshotSource.class).orElse(null);
        if (snapshots == null) {
            tally.problem("the system cannot be read whole, so there is nothing to compare with");
            over = true;
            return;
        }
        var query = new Query(mapping.stream(), translator.fields());
        var next = snapshots.page(query, page, PAGE);
        var rows = new ArrayList<Observation>();
        for (var record : next.records()) {
            seen.add(record.id().id());
            rows.add(read(record));
        }
        for (var row : next.unreadable()) {
            if (row.idOrNull() != null) seen.add(row.idOrNull());
            tally.row(Disposition.UNREADABLE);
            findings.add(RowComparison.unreadable(row.place(), row.reason()));
        }
        rows.removeIf(Objects::isNull);
        var erased = store.read(tx -> Suppressed.of(tx, model, mapping.entityType(), rows));
        rows.removeIf(row -> erased.contains(row.key())); // it is to be unknown
        for (var row : store.read(tx -> comparison.compare(tx, rows))) {
            if (untold(row)) doubts.put(row.seen().key().externalId(), new Doubt(row.seen(), 0));
            else count(row, false, null);
        }
        page = next.next();
        read = next.last();
        missingAfter = read ? "" : null;
    }

    private Observation read(NativeRecord record) {
        try {
            return translator.read(record);
        } catch (Translator.Unmappable e) {
            tally.row(Disposition.UNREADABLE);
            findings.add(
                    RowComparison.unreadable(translator.key(record.id().id()).toString(), e.getMessage()));
            return null;
        }
    }

    /** Whether it may only have changed a moment ago. */
    private static boolean untold(RowComparison.Row row) {
        return row.worst() == Disposition.MISSED || row.worst() == Disposition.UNKNOWN;
    }

    /** It changed once more since it was read: nothing says that the poll should have told it. */
    private void again(String id, Doubt before, RowComparison.Row row) {
        if (before.rounds() + 1 < MOST_ROUNDS) {
            doubts.put(id, new Doubt(row.seen(), before.rounds() + 1));
        } else {
            doubts.remove(id);
            count(row.waiting(), false, CHANGING);
        }
    }

    private void count(RowComparison.Row row, boolean healed, String reason) {
        boolean marked = row.worst() == Disposition.OUT_OF_STEP && cure != Cure.NONE;
        if (marked) store.write(tx -> comparison.mark(tx, row, clock.instant()));
        tally.row(row.worst());
        row.attributes().forEach(tally::attribute);
        row.findings(healed, marked, reason).forEach(findings::add);
    }

    /** Looks up doubtful rows after a poll has told all that was to be told. */
    private void settle(Connector connector) throws ConnectorException {
        var left = List.copyOf(doubts.keySet());
        for (int from = 0; from < left.size(); from += PAGE) {
            settle(connector, left.subList(from, Math.min(left.size(), from + PAGE)));
        }
    }

    private void settle(Connector connector, List<String> ids) throws ConnectorException {
        var answers = connector.lookups().byId(new Query(mapping.stream(), translator.fields()), ids);
        var rows = new ArrayList<Observation>();
        var absent = new ArrayList<String>();
        for (var id : ids) {
            if (!doubts.containsKey(id)) continue; // settled before a call that failed
            if (!(answers.get(id) instanceof Lookup.Found found)) absent.add(id);
            else {
                var row = read(found.record());
                if (row == null) doubts.remove(id);
                else rows.add(row);
            }
        }
        var compared = store.read(tx -> comparison.compare(tx, rows));
        var untold = new ArrayList<>(compared.stream()
                .filter(row -> untold(row) && asRead(row))
                .map(row -> row.seen().key().externalId())
                .toList());
        for (var id : absent) if (provenGone(answers.get(id)) && doubts.get(id).row() == null) untold.add(id);
        var keys = absent.stream().map(translator::key).toList();
        var before = store.read(tx -> tx.records().find(keys)); // as the hub believed until now
        boolean healed = !untold.isEmpty() && cure.takeIn(mapping, untold);
        for (var row : compared) {
            var id = row.seen().key().externalId();
            if (untold(row) && !asRead(row)) {
                again(id, doubts.get(id), row);
            } else {
                doubts.remove(id);
                count(row, healed && untold.contains(id), null);
            }
        }
        for (var id : absent) {
            absent(before.get(translator.key(id)), doubts.remove(id), id, provenGone(answers.get(id)), healed);
        }
    }

    /** Whether a row holds what it held when it became doubtful, which a poll should have told since. */
    private boolean asRead(RowComparison.Row row) {
        var before = doubts.get(row.seen().key().externalId()).row();
        return before != null && before.attributes().equals(row.seen().attributes());
    }

    private static boolean provenGone(Lookup answer) {
        return answer instanceof Lookup.Gone || answer instanceof Lookup.MergedInto;
    }

    /**
     * The system does not hold a row any more, or does not show it.
     *
     * @param known null for nothing
     */
    private void absent(SourceRecord known, Doubt doubt, String id, boolean gone, boolean healed) {
        if (gone && doubt.row() != null) { // it was there when it was read: its end may not have been told yet
            doubts.put(id, new Doubt(null, doubt.rounds()));
            return;
        }
        if (known == null || known.state().gone()) return; // it came and went, and the hub knows
        boolean mended = gone && healed;
        tally.row(gone ? Disposition.GONE : Disposition.UNREADABLE);
        findings.add(store.read(tx -> comparison.absent(tx, known, gone, mended)));
    }

    /** Records that the hub believes to be there and the reading did not show; false if there are no more. */
    private boolean findMissing() {
        if (missingAfter == null) return false;
        var system = translator.key("-").system();
        var cursor = missingAfter.isEmpty() ? null : missingAfter;
        var known = store.read(tx -> tx.records().list(system, mapping.entityType(), cursor, PAGE));
        for (var record : known.items()) {
            boolean here =
                    record.stream().equals(mapping.stream()) && !record.state().gone();
            if (here && seen.lacks(record)) doubts.putIfAbsent(record.key().externalId(), new Doubt(null, 0));
        }
        missingAfter = known.next();
        return missingAfter != null;
    }
}
