package io.kintsugi.server.engine.inbound;

import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.schema.Filling;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Records.Retained;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.outbound.Outcome;
import io.kintsugi.server.engine.resolution.ForeignChanges;
import io.kintsugi.server.engine.schema.StreamSchema.Todo;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Brings what is stored of a stream under another mapping: kept values reach their attributes, what was held is tried again, and what
 * was not asked for is read. Each step may be done twice. For the loop of the system alone, before anything is read or sent.
 */
public final class Refill {
    private static final int PAGE = 200;
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final String system;

    public Refill(HubStore store, LiveModel model, Clock clock, String system) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.system = system;
    }

    /** Does what the change of a mapping left to do. Run again, it finds nothing to do. */
    public void run(StreamMapping mapping, Todo todo) {
        if (!todo.settle().isEmpty() || todo.remark()) records(mapping, todo);
        if (todo.reread()) store.write(tx -> reread(tx, mapping.stream()));
        release();
    }

    private void records(StreamMapping mapping, Todo todo) {
        var translator = new Translator(system, mapping);
        String cursor = null;
        do {
            var from = cursor;
            var page = store.read(tx -> tx.records().list(system, mapping.entityType(), from, PAGE));
            var keys = new TreeSet<RecordKey>();
            for (var record : page.items()) {
                if (record.stream().equals(mapping.stream())) keys.add(record.key());
            }
            store.write(tx -> {
                settle(tx, mapping, translator, todo, keys);
                if (todo.remark()) tx.records().markPending(keys);
                return null;
            });
            cursor = page.next();
        } while (cursor != null);
    }

    private void settle(
            HubTransaction tx, StreamMapping mapping, Translator translator, Todo todo, TreeSet<RecordKey> keys) {
        if (todo.settle().isEmpty()) return;
        var records = tx.records().lock(keys);
        var filled = new ArrayList<SourceRecord>();
        var left = new HashMap<RecordKey, Map<String, Retained>>();
        tx.records().retained(keys).forEach((key, kept) -> {
            var before = records.get(key);
            var after = before;
            var rest = new HashMap<>(kept);
            for (var field : todo.settle()) {
                var value = rest.remove(field);
                if (value == null) continue;
                for (var mapped : mapping.fields()) {
                    if (mapped.field().equals(field)) after = filled(after, mapping, mapped, translator, value);
                }
            }
            if (!rest.equals(kept)) left.put(key, rest);
            if (!after.equals(before)) filled.add(asked(before, after));
        });
        tx.records().save(filled, clock.instant());
        tx.records().markPending(filled.stream().map(SourceRecord::key).toList());
        tx.records().retain(left);
    }

    private static SourceRecord filled(
            SourceRecord record, StreamMapping mapping, FieldMapping field, Translator translator, Retained kept) {
        boolean alone = mapping.fields().stream()
                .noneMatch(other -> other != field && other.attribute().equals(field.attribute()));
        try {
            return Filling.fill(record, field.attribute(), translator.read(field, kept.value()), kept.at(), alone);
        } catch (Translator.Unmappable e) {
            return record; // it stays unknown; the next reading of the record says what is wrong with it
        }
    }

    /** What came in by a field is as much the system's own change as any that is read. */
    private SourceRecord asked(SourceRecord before, SourceRecord after) {
        var authority = model.rules(after.key().entityType()).authority();
        return Outbound.holdForeign(before, after, attribute -> ForeignChanges.mayHold(authority, attribute));
    }

    /** The stream is read whole once more; changes are gone on with from where they are, so nothing between is lost. */
    private Void reread(HubTransaction tx, String stream) {
        var stored = tx.journal().checkpoint(system, stream);
        if (stored.isEmpty()) return null; // it has not been read at all
        var at = Position.parse(stored.get());
        var again = new Position(at.changes(), null, false, at.recovering());
        tx.journal().saveCheckpoint(system, stream, again.toJson(), clock.instant());
        return null;
    }

    /** What was held is looked at again: what still waits for something is held again. */
    private void release() {
        while (true) {
            var page = store.read(tx -> tx.outbox().list(system, OutboundState.HELD, null, PAGE));
            if (page.items().isEmpty()) return;
            var keys =
                    new TreeSet<>(page.items().stream().map(OutboundChange::key).toList());
            store.write(tx -> {
                var now = clock.instant();
                var due = new ArrayList<OutboundChange>();
                for (var change : tx.outbox().lock(keys).values()) {
                    if (change.state() == OutboundState.HELD)
                        due.add(Outcome.change(change, OutboundState.DUE, change.problem(), now, 0, now));
                }
                tx.outbox().save(due);
                return null;
            });
            if (page.items().size() < PAGE) return;
        }
    }
}
