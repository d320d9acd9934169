package io.kintsugi.server.engine.deletion;

import io.kintsugi.core.lifecycle.DeletePlan;
import io.kintsugi.core.lifecycle.ResolutionPlan;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.Deletion.Means;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Outbox.Marker;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.OutboxMarks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What follows from the deletion of records, decided in the transaction that takes them out of their goldens. */
public final class DeletionBook {
    private final HubTransaction tx;
    private final HubModel model;
    private final LiveModel.Rules rules;
    private final Referents referents;
    private final Instant now;

    public DeletionBook(HubTransaction tx, HubModel model, LiveModel.Rules rules, Referents referents, Instant now) {
        this.tx = tx;
        this.model = model;
        this.rules = rules;
        this.referents = referents;
        this.now = now;
    }

    /**
     * @param records the scope
     * @param seats where its records were before the plan
     */
    public void plan(
            ResolutionPlan plan,
            Map<RecordKey, SourceRecord> records,
            Map<RecordKey, Membership> seats,
            SortedSet<RecordKey> dirty) {
        var gone = new TreeSet<RecordKey>();
        for (var key : dirty) if (records.get(key).state().gone()) gone.add(key);
        if (gone.isEmpty()) return;
        var open = tx.deletions().openOf(gone);
        if (open.isEmpty()) return;
        var ids = new TreeSet<String>();
        open.forEach(deletion -> ids.add(deletion.id()));
        var save = new ArrayList<Deletion>();
        var markers = new ArrayList<Marker>();
        var own = new HashSet<RecordKey>();
        var locked = tx.deletions().lock(ids).values();
        for (var deletion : locked) { // what the hub deleted by itself
            var sent = deletion.steps().stream()
                    .filter(step -> step.state() == StepState.SENT && gone.contains(step.target()))
                    .toList();
            if (sent.isEmpty()) continue;
            sent.forEach(step -> own.add(step.target()));
            save.add(deletion.withSteps(
                    step -> !sent.contains(step)
                            ? step
                            : records.get(step.target()).state() == RecordState.MERGED
                                    ? step.to(StepState.CANCELLED, "its system merged it into another record", now)
                                    : step.later(now),
                    now));
        }
        for (var deletion : locked) {
            if (deletion.state() != DeletionState.SEEN || !gone.contains(deletion.origin())) continue;
            var next = own.contains(deletion.origin())
                    ? deletion.withSteps(null, List.of(), now)
                    : planned(deletion, plan, records, seats);
            next = next.under(model.policies(rules.type().name()));
            save.add(next);
            for (var step : next.steps()) {
                if (step.state() != StepState.RESTORING) continue;
                markers.add(new Marker(next.goldenId(), step.system(), next.entityType(), null, now, Cause.DECISION));
            }
        }
        tx.deletions().save(save);
        new DeletionQuestions(tx, now).ask(save);
        tx.outbox().mark(markers);
    }

    private Deletion planned(
            Deletion seen,
            ResolutionPlan plan,
            Map<RecordKey, SourceRecord> records,
            Map<RecordKey, Membership> seats) {
        var goldenId = plan.gone().entrySet().stream()
                .filter(entry -> entry.getValue().contains(seen.origin()))
                .map(Map.Entry::getKey)
                .findFirst()
                .or(() -> Optional.ofNullable(seats.get(seen.origin())).map(Membership::goldenId))
                .orElse(null);
        if (goldenId == null) return seen.withSteps(null, List.of(), now);
        var members = plan.members().getOrDefault(goldenId, List.of());
        var golden = plan.current().get(goldenId);
        var origin = records.get(seen.origin());
        var facts = new DeletePlan.Facts(
                goldenId,
                members,
                system -> writable(model, system, rules.type().name()).isPresent(),
                golden != null && behind(golden, origin));
        return DeletePlan.plan(seen, facts, model.deletes(rules.type().name()), now);
    }

    /** Whether a golden has values that a record should have been given and was not, so that its system deleted an older state. */
    private boolean behind(GoldenRecord golden, SourceRecord record) {
        return writable(model, record.key().system(), rules.type().name())
                .map(stream -> OutboxMarks.writable(stream, record.key().system(), rules.authority(), golden, record))
                .map(writable -> !Outbound.plan(
                                golden.values(), referents.inGoldenTerms(record), writable, rules.attributeTypes())
                        .isEmpty())
                .orElse(false);
    }

    /**
     * Claims the goldens that deletions are about now: where the deleted records are, whatever was merged or taken back since.
     *
     * @return by deletion; nothing for those of records that were part of no golden
     */
    static Map<String, String> claimGoldensOf(HubTransaction tx, Collection<Deletion> deletions) {
        tx.goldens().claim(new TreeSet<>(goldensOf(tx, deletions).values()));
        return goldensOf(tx, deletions); // again, now that nothing can move
    }

    /** The same without a claim. */
    static Map<String, String> goldensOf(HubTransaction tx, Collection<Deletion> deletions) {
        var seats = tx.goldens()
                .goldenOf(deletions.stream()
                        .map(Deletion::origin)
                        .filter(Objects::nonNull)
                        .toList());
        var goldens = new HashMap<String, String>();
        for (var deletion : deletions) {
            var seat = deletion.origin() == null ? null : seats.get(deletion.origin());
            if (seat != null) goldens.put(deletion.id(), seat);
            else if (deletion.goldenId() != null) {
                goldens.put(deletion.id(), tx.goldens().currentId(deletion.goldenId()));
            }
        }
        return goldens;
    }

    /**
     * What is still to be done to records that were to come back, or that a merge of the hub makes another record of, is to be done to
     * those that came in their place.
     *
     * @param places by former record
     */
    public static void follow(HubTransaction tx, Map<RecordKey, RecordKey> places, Instant now) {
        if (places.isEmpty()) return;
        var ids = new TreeSet<String>();
        for (var deletion : tx.deletions().openOf(places.keySet())) ids.add(deletion.id());
        var moved = tx.deletions().lock(ids).values().stream()
                .map(deletion -> deletion.withSteps(step -> moved(step, places), now))
                .toList();
        if (moved.isEmpty()) return;
        var goldenOf = goldensOf(tx, moved);
        var markers = new ArrayList<Marker>();
        for (var deletion : moved) {
            for (var step : deletion.steps()) {
                if (step.state() != StepState.SENT || !places.containsValue(step.target())) continue;
                markers.add(new Marker(
                        goldenOf.get(deletion.id()),
                        step.system(),
                        deletion.entityType(),
                        step.target(),
                        now,
                        Cause.DECISION));
            }
        }
        tx.deletions().save(moved);
        new DeletionQuestions(tx, now).ask(moved);
        tx.outbox().mark(markers);
    }

    /**
     * Remembers how records go that are about to be sent.
     *
     * @param means by record
     */
    public static void goes(HubTransaction tx, Map<RecordKey, Means> means, Instant now) {
        if (means.isEmpty()) return;
        var ids = new TreeSet<String>();
        for (var deletion : tx.deletions().openOf(means.keySet())) ids.add(deletion.id());
        var locked = tx.deletions().lock(ids).values();
        tx.deletions()
                .save(locked.stream()
                        .map(deletion -> deletion.withSteps(
                                step -> step.state() == StepState.SENT && means.containsKey(step.target())
                                        ? step.by(means.get(step.target()))
                                        : step,
                                now))
                        .filter(deletion -> !locked.contains(deletion))
                        .toList());
    }

    private static Step moved(Step step, Map<RecordKey, RecordKey> places) {
        var place = step.target() == null || step.state().over() ? null : places.get(step.target());
        return place == null ? step : step.at(place);
    }

    /** The stream of a system in which records of a type may be written; empty if there is none. */
    public static Optional<StreamMapping> writable(HubModel model, String system, String entityType) {
        return model.system(system).map(SystemConfig::streams).stream()
                .flatMap(Collection::stream)
                .filter(stream -> stream.write() && stream.entityType().equals(entityType))
                .findFirst();
    }
}
