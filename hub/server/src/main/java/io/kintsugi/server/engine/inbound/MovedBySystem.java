package io.kintsugi.server.engine.inbound;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.server.engine.resolution.Folds;
import io.kintsugi.server.engine.shared.Children;
import io.kintsugi.server.engine.shared.HubModel;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * References that a system itself changed when the hub merged two records there. Nobody said anything new by that: what the reference had
 * led to goes on counting, and is as old as it was (MRG-2).
 */
final class MovedBySystem {
    private final HubModel model;
    private final Map<RecordKey, Set<RecordKey>> wentInto = new HashMap<>();

    private MovedBySystem(HubModel model) {
        this.model = model;
    }

    /** @param known what is known of the records that were observed, by key */
    static MovedBySystem read(
            HubTransaction tx,
            HubModel model,
            Collection<Observation> observations,
            Map<RecordKey, SourceRecord> known) {
        var moved = new MovedBySystem(model);
        var left = new TreeSet<RecordKey>();
        for (var seen : observations) {
            var before = known.get(seen.key());
            if (before == null) continue;
            Children.named(model, before).forEach((reference, to) -> {
                var now = seen.attributes().get(reference.name());
                if (now != null && !now.isBlank() && !now.equals(to.externalId())) left.add(to);
            });
        }
        if (left.isEmpty()) return moved;
        for (var change : tx.outbox().openFor(left)) {
            if (change.intent().kind() == Intent.Kind.MERGE && left.contains(change.target())) {
                moved.add(change.target(), change.intent().into());
            }
        }
        left.removeIf(key -> moved.wentInto.containsKey(key));
        moved.follow(tx, left);
        return moved;
    }

    private void follow(HubTransaction tx, Set<RecordKey> left) {
        var gone = new TreeSet<RecordKey>();
        tx.records().find(left).values().forEach(record -> {
            if (record.state() == RecordState.FOLDED || record.state() == RecordState.MERGED) gone.add(record.key());
        });
        if (gone.isEmpty()) return;
        for (var link : tx.links().of(gone)) {
            if (!Folds.isFold(link) && !Folds.isContinuation(link)) continue;
            if (gone.contains(link.a())) add(link.a(), link.b());
            if (gone.contains(link.b())) add(link.b(), link.a());
        }
    }

    private void add(RecordKey record, RecordKey into) {
        wentInto.computeIfAbsent(record, key -> new HashSet<>()).add(into);
    }

    /**
     * @param before what was known; null for a record never seen
     * @param after what was taken in
     * @return the latter, with the references that the system moved told by whoever had told them before
     */
    SourceRecord keep(SourceRecord before, SourceRecord after) {
        if (before == null || wentInto.isEmpty()) return after;
        var now = Children.named(model, after);
        var states = new HashMap<>(after.states());
        Children.named(model, before).forEach((reference, from) -> {
            var to = now.get(reference);
            if (to == null || !wentInto.getOrDefault(from, Set.of()).contains(to)) return;
            var name = reference.name();
            var state = before.states().get(name);
            boolean told = state == null || !state.copied();
            states.put(
                    name,
                    told
                            ? new AttributeState(
                                    state == null ? before.sourceAt() : state.changedAt(),
                                    AttributeState.RECALLED,
                                    false,
                                    true,
                                    from.externalId(),
                                    state == null ? before.sourceAt() : state.changedAt(),
                                    state == null ? null : state.hold())
                            : state);
        });
        return after.withStates(states);
    }
}
