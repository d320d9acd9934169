package io.kintsugi.server.engine.audit;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Outbox.Marker;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.core.sync.Drift;
import io.kintsugi.core.sync.Drift.Disposition;
import io.kintsugi.server.engine.audit.AuditReport.Finding;
import io.kintsugi.server.engine.outbound.OutboundReferences;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.OutboxMarks;
import io.kintsugi.server.engine.shared.ReferenceBook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares rows of one stream with what the hub believes and what their goldens say. Changes nothing but what it is told to mark. */
public record RowComparison(LiveModel model, String system, StreamMapping mapping) {
    /**
     * One row, compared.
     *
     * @param recordOrNull as the hub believes it is
     * @param goldenOrNull null also for a record that has none
     * @param attributes what was said of each attribute that the row holds; empty if the hub does not know the record
     */
    public record Row(
            Observation seen,
            SourceRecord recordOrNull,
            GoldenRecord goldenOrNull,
            OutboundChange changeOrNull,
            Disposition worst,
            Map<String, Disposition> attributes) {

        /** The same, of which nobody can say more than that it will be looked at by the live sync. */
        Row waiting() {
            var calmed = new TreeMap<>(attributes);
            calmed.replaceAll((name, what) -> what == Disposition.MISSED ? Disposition.WAITING : what);
            return new Row(seen, recordOrNull, goldenOrNull, changeOrNull, Disposition.WAITING, calmed);
        }

        /**
         * What people should hear of it.
         *
         * @param healed whether what was missed was taken in
         * @param marked whether what is out of step was marked
         * @param reasonOrNull instead of the usual one
         */
        List<Finding> findings(boolean healed, boolean marked, String reasonOrNull) {
            var golden = goldenOrNull == null ? null : goldenOrNull.id();
            var key = seen.key().toString();
            if (worst == Disposition.UNKNOWN) {
                return List.of(new Finding(
                        key,
                        null,
                        null,
                        worst,
                        null,
                        null,
                        null,
                        "it is there, and the hub does not know it" + mended(healed),
                        healed));
            }
            var findings = new ArrayList<Finding>();
            attributes.forEach((attribute, what) -> {
                if (!what.drifted()) return;
                var should = goldenOrNull == null ? null : goldenOrNull.value(attribute);
                boolean mended = what == Disposition.MISSED ? healed : what == Disposition.OUT_OF_STEP && marked;
                findings.add(new Finding(
                        key,
                        golden,
                        attribute,
                        what,
                        seen.attributes().get(attribute),
                        recordOrNull.attributes().get(attribute),
                        should,
                        reasonOrNull != null ? reasonOrNull : reason(what) + mended(mended),
                        mended));
            });
            return findings;
        }

        private static String mended(boolean healed) {
            return healed ? "; set right" : "";
        }

        private String reason(Disposition what) {
            var problem = changeOrNull == null || changeOrNull.problem() == null ? "" : ": " + changeOrNull.problem();
            return switch (what) {
                case WAITING ->
                    changeOrNull == null
                            ? "the record waits for resolution"
                            : "a write is " + (changeOrNull.open() ? "under way" : "due") + problem;
                case HELD -> "it is not written" + (problem.isEmpty() ? ": nobody knows whose value it is" : problem);
                case OUT_OF_STEP -> "it should be written, and nothing is on its way";
                case MISSED -> "it was changed there, and the hub was not told";
                default -> what.name();
            };
        }
    }

    /** One row for each observation, in their order. */
    public List<Row> compare(HubTransaction tx, Collection<Observation> rows) {
        if (rows.isEmpty()) return List.of();
        var keys = new TreeSet<RecordKey>();
        rows.forEach(row -> keys.add(row.key()));
        var records = tx.records().find(keys);
        var goldenOf = tx.goldens().goldenOf(keys);
        var goldens = tx.goldens().find(Set.copyOf(goldenOf.values()));
        var pending = tx.records().stillPending(keys);
        var changes =
                tx.outbox().find(keys.stream().map(OutboundChange::updateKey).toList());
        var type = model.rules(mapping.entityType()).type();
        var referents = new ReferenceBook(tx, model.get()).read(type, records.values(), goldens.values());
        var outbound = OutboundReferences.read(tx, model.get(), system, goldens.values(), List.of());
        var compared = new ArrayList<Row>();
        for (var row : rows) {
            var id = goldenOf.get(row.key());
            compared.add(compare(
                    row,
                    records.get(row.key()),
                    id == null ? null : goldens.get(id),
                    pending.contains(row.key()),
                    referents,
                    id == null ? Set.of() : outbound.unsayable(type, goldens.get(id)),
                    changes.get(OutboundChange.updateKey(row.key()))));
        }
        return compared;
    }

    private Row compare(
            Observation row,
            SourceRecord record,
            GoldenRecord golden,
            boolean pending,
            Referents referents,
            Set<String> unsayable,
            OutboundChange change) {
        if (record == null || record.state().gone()) {
            return new Row(row, record, golden, change, Disposition.UNKNOWN, Map.of());
        }
        var types = model.rules(mapping.entityType()).attributeTypes();
        var writable = writable(golden, record);
        var attributes = new TreeMap<String, Disposition>();
        row.attributes().forEach((attribute, value) -> {
            var known = new Drift.Known(
                    attribute,
                    record,
                    golden == null ? null : golden.values().get(attribute),
                    writable.contains(attribute) && !unsayable.contains(attribute),
                    pending,
                    change,
                    types.apply(attribute),
                    referents);
            attributes.put(attribute, Drift.of(known, value));
        });
        return new Row(row, record, golden, change, Drift.worst(attributes.values()), attributes);
    }

    private Set<String> writable(GoldenRecord golden, SourceRecord record) {
        if (golden == null || !record.state().resolves() || !mapping.write()) return Set.of();
        var authority = model.rules(mapping.entityType()).authority();
        return Set.copyOf(OutboxMarks.writable(mapping, system, authority, golden, record));
    }

    /** Marks a row that is out of step, so that it is written. */
    Void mark(HubTransaction tx, Row row, Instant now) {
        var key = row.seen().key();
        tx.outbox()
                .mark(List.of(
                        new Marker(row.goldenOrNull().id(), system, mapping.entityType(), key, now, Cause.BACKLOG)));
        return null;
    }

    /** @param gone whether the system says that it is, rather than not showing it */
    Finding absent(HubTransaction tx, SourceRecord known, boolean gone, boolean healed) {
        return new Finding(
                known.key().toString(),
                tx.goldens().goldenOf(List.of(known.key())).get(known.key()),
                null,
                gone ? Disposition.GONE : Disposition.UNREADABLE,
                null,
                null,
                null,
                gone
                        ? "the hub believes that it is there, and it is gone" + (healed ? "; taken in" : "")
                        : "the system does not show it; see there whether the hub may read it",
                healed);
    }

    /** @param place of the row, or key of the record */
    static Finding unreadable(String place, String reason) {
        return new Finding(place, null, null, Disposition.UNREADABLE, null, null, null, reason, false);
    }
}
