package io.kintsugi.server.engine.deletion;

import io.kintsugi.core.lifecycle.DeletePlan;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Outbox.Marker;
import io.kintsugi.server.engine.deletion.DeletionQuestions.About;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Brings deletions further whose time has come: when their grace is over, records leave their goldens or are sent to be deleted,
 * unless so many are due for one system that a person has to see them first (DEL-3). One transaction; used once.
 */
public final class Deleting {
    private final HubTransaction tx;
    private final LiveModel model;
    private final Instant now;
    private final Map<String, String> goldenOf = new HashMap<>();
    private final Map<RecordKey, SourceRecord> records = new HashMap<>();
    private final Map<RecordKey, SourceRecord> changed = new LinkedHashMap<>();
    private final List<Marker> markers = new ArrayList<>();

    public Deleting(HubTransaction tx, LiveModel model, Instant now) {
        this.tx = tx;
        this.model = model;
        this.now = now;
    }

    /** Looks at deletions, and leaves them alone if they are not due any more. */
    public void bringFurther(Collection<String> ids) {
        var before = tx.deletions().find(ids);
        goldenOf.putAll(DeletionBook.claimGoldensOf(tx, before.values()));
        var goldenIds = new TreeSet<>(goldenOf.values());
        var members = tx.goldens().members(goldenIds);
        var keys = new TreeSet<RecordKey>();
        members.values()
                .forEach(list -> list.forEach(member -> keys.add(member.record().key())));
        before.values().stream().map(Deletion::origin).filter(Objects::nonNull).forEach(keys::add);
        records.putAll(tx.records().lock(keys));
        var locked = tx.deletions().lock(new TreeSet<>(before.keySet()));
        var writes = writes(locked.values(), members);
        var creates = creates(locked.values());
        var joining = joining(locked.values());
        var after = new TreeMap<String, Deletion>();
        locked.forEach((id, deletion) -> after.put(id, looked(deletion, members, writes, creates, joining)));
        brake(locked, after);
        locked.forEach((id, deletion) -> take(deletion, after.get(id)));
        after.values().forEach(deletion -> createAgain(deletion, creates));
        after.values().forEach(deletion -> deleteAgain(deletion, writes));
        var save = after.values().stream()
                .filter(deletion -> !deletion.equals(locked.get(deletion.id())))
                .map(deletion -> decided(locked.get(deletion.id()), deletion))
                .toList();
        tx.records().save(changed.values());
        tx.records().markPending(changed.keySet());
        tx.deletions().save(save);
        new DeletionQuestions(tx, now).ask(save);
        tx.outbox().mark(markers);
    }

    private Deletion looked(
            Deletion deletion,
            Map<String, List<Member>> members,
            Map<RecordKey, OutboundChange> writes,
            Map<String, OutboundChange> creates,
            Set<RecordKey> joining) {
        var golden = goldenOf.get(deletion.id());
        if (golden == null) return deletion;
        var undeletes = new HashMap<RecordKey, Instant>();
        for (var create : creates.values()) {
            var intent = create.intent();
            boolean undelete = intent != null && intent.kind() == OutboundChange.Intent.Kind.UNDELETE;
            if (undelete) undeletes.put(intent.into(), intent.sentAt());
        }
        var policy = model.get().deletes(deletion.entityType());
        var facts = new DeletePlan.Now(
                Optional.ofNullable(deletion.origin()).map(records::get),
                members.getOrDefault(golden, List.of()).stream()
                        .map(member -> records.get(member.record().key()))
                        .toList(),
                key -> isOpen(writes.get(key)) || isOpen(creates.get(createKey(golden, key))) || joining.contains(key),
                key -> deleteSent(writes.get(key), undeletes.get(key)),
                step -> made(step, creates.get(OutboundChange.createKey(golden, step.system(), deletion.entityType()))),
                policy);
        var after = deletion.withSteps(
                step -> isUnresolved(step)
                        ? step.later(now.plus(DeletePlan.LOOK_AGAIN))
                        : DeletePlan.next(deletion, step, facts, now),
                now);
        return !golden.equals(deletion.goldenId()) ? after.withSteps(golden, after.steps(), now) : after;
    }

    /** Whether what a step is about now has just come in the place of another record, and is part of no golden yet. */
    private boolean isUnresolved(Step step) {
        var target = step.target();
        boolean due = step.state().moves() && !step.dueAt().isAfter(now);
        if (!due || target == null || records.containsKey(target)) return false;
        var record = tx.records().find(Set.of(target)).get(target);
        return record != null
                && record.state() == RecordState.LIVE
                && tx.goldens().goldenOf(Set.of(target)).isEmpty();
    }

    private static boolean isOpen(OutboundChange change) {
        return change != null && change.open();
    }

    /** Key of the create by which a record is to come back. */
    private static String createKey(String golden, RecordKey record) {
        return OutboundChange.createKey(golden, record.system(), record.entityType());
    }

    /** @param undeleted when the record was to come back; null if it was not */
    private static Instant deleteSent(OutboundChange change, Instant undeleted) {
        boolean delete = change != null
                && change.intent() != null
                && change.intent().kind() == OutboundChange.Intent.Kind.DELETE;
        if (!delete) return null;
        var sent = change.intent().sentAt();
        return undeleted == null || sent.isAfter(undeleted) ? sent : null;
    }

    /** @param create null for none */
    private RecordKey made(Step step, OutboundChange create) {
        if (create == null || create.state() != OutboundState.SETTLED || create.target() == null) return null;
        if (create.intent() == null || create.intent().sentAt().isBefore(step.at())) return null;
        var made = create.target();
        var record = tx.records().find(Set.of(made)).get(made);
        boolean elsewhere = tx.goldens().goldenOf(Set.of(made)).containsKey(made); // it has been resolved
        return elsewhere && record != null && record.state() == RecordState.LIVE ? made : null;
    }

    /** Creates, by key, of what is to be there again, and of what was to be and is to go. */
    private Map<String, OutboundChange> creates(Collection<Deletion> deletions) {
        var keys = new TreeSet<String>();
        for (var deletion : deletions) {
            var golden = goldenOf.get(deletion.id());
            for (var step : deletion.steps()) {
                if (golden == null) continue;
                var target = step.target() == null ? null : records.get(step.target());
                boolean returning = target != null && target.state() == RecordState.RETURNING;
                if (returning || step.state() == StepState.RESTORING) {
                    keys.add(OutboundChange.createKey(golden, step.system(), deletion.entityType()));
                }
            }
        }
        return tx.outbox().find(keys);
    }

    /** Last writes to what is to go or to be let go, and to what may come back. */
    private Map<RecordKey, OutboundChange> writes(Collection<Deletion> deletions, Map<String, List<Member>> members) {
        var keys = new TreeSet<RecordKey>();
        for (var deletion : deletions) {
            for (var step : deletion.steps()) {
                boolean looked = step.state() == StepState.SENT || step.state() == StepState.WAITING;
                if (looked && step.target() != null) keys.add(step.target());
                if (step.state() != StepState.RESTORING || !goldenOf.containsKey(deletion.id())) continue;
                members.getOrDefault(goldenOf.get(deletion.id()), List.of()).stream()
                        .map(member -> member.record().key())
                        .filter(key -> key.system().equals(step.system()))
                        .forEach(keys::add);
            }
        }
        var writes = new HashMap<RecordKey, OutboundChange>();
        tx.outbox()
                .find(keys.stream().map(OutboundChange::updateKey).toList())
                .values()
                .forEach(change -> writes.put(change.target(), change));
        return writes;
    }

    /** What is to be let go now, and others are being merged into: it may come out of that as another record. */
    private Set<RecordKey> joining(Collection<Deletion> deletions) {
        var leaving = new TreeSet<RecordKey>();
        for (var deletion : deletions) {
            for (var step : deletion.steps()) {
                boolean due = step.state() == StepState.WAITING && !step.dueAt().isAfter(now);
                if (due && step.action() != Action.PROPAGATE) leaving.add(step.target());
            }
        }
        var joining = new HashSet<RecordKey>();
        if (leaving.isEmpty()) return joining;
        for (var change : tx.outbox().openFor(leaving)) {
            var intent = change.intent();
            if (intent.kind() == OutboundChange.Intent.Kind.MERGE) joining.add(intent.into());
        }
        return joining;
    }

    /** Holds back everything that is about to be sent to a system if it is more than the brake lets through. */
    private void brake(Map<String, Deletion> before, Map<String, Deletion> after) {
        var sending = new LinkedHashMap<About, Integer>();
        after.forEach((id, deletion) -> deletion.steps().stream()
                .filter(step -> justSent(before.get(id), step))
                .forEach(step -> sending.merge(About.of(step.system(), deletion.entityType()), 1, Integer::sum)));
        sending.forEach((place, some) -> {
            var system = place.system();
            var type = place.entityType();
            var brake = model.get().deletes(type).brake();
            long waiting = Math.max(some, tx.deletions().waiting(system, type, now));
            long sent = tx.deletions().sent(system, type, now.minus(brake.window()));
            long deletes = sent + waiting;
            if (deletes <= brake.count() || deletes <= brake.limit(live(system, type))) return;
            var why = deletes + " deletes for " + system + " within "
                    + hours(brake.window().toHours()) + " are more than the brake lets through";
            after.replaceAll((id, deletion) -> !deletion.entityType().equals(type)
                    ? deletion
                    : deletion.withSteps(
                            step -> justSent(before.get(id), step)
                                            && step.system().equals(system)
                                    ? step.to(StepState.HELD, why, now)
                                    : step,
                            now));
        });
    }

    /** What the policies in force decided about says so; what was only waited for stays decided as it was. */
    private Deletion decided(Deletion before, Deletion after) {
        boolean decides = after.steps().stream()
                .anyMatch(step -> step.state() == StepState.ASKED && !was(before, step, StepState.ASKED)
                        || was(before, step, StepState.WAITING)
                                && step.state() != StepState.WAITING
                                && step.state() != StepState.CANCELLED);
        return decides ? after.under(model.get().policies(after.entityType())) : after;
    }

    private static String hours(long hours) {
        return hours == 1 ? "an hour" : hours + " hours";
    }

    private long live(String system, String entityType) {
        return tx.records().counts().stream()
                .filter(count -> count.system().equals(system)
                        && count.entityType().equals(entityType)
                        && count.state() == RecordState.LIVE)
                .mapToLong(count -> count.records())
                .sum();
    }

    private static boolean justSent(Deletion before, Step step) {
        return step.state() == StepState.SENT && step.approvedBy() == null && !was(before, step, StepState.SENT);
    }

    /** Whether what a step is about was in a state before. */
    private static boolean was(Deletion before, Step step, StepState state) {
        return before.steps().stream()
                .anyMatch(former -> former.state() == state
                        && Objects.equals(former.target(), step.target())
                        && former.system().equals(step.system()));
    }

    /** What follows in other places from steps that went on. */
    private void take(Deletion before, Deletion after) {
        for (var step : after.steps()) {
            if (was(before, step, step.state())) continue;
            if (step.state() == StepState.SENT) markers.add(marker(after, step));
            if (step.state() == StepState.RESTORING) markers.add(marker(after, step));
            if (step.state() == StepState.DONE) leave(step);
        }
    }

    /**
     * What is still to come back has a create under way. It has none where the create found the record still there, because a delete
     * arrived only after it, or where its golden was merged into another one meanwhile.
     */
    private void createAgain(Deletion deletion, Map<String, OutboundChange> creates) {
        var golden = goldenOf.get(deletion.id());
        if (golden == null) return;
        for (var step : deletion.steps()) {
            if (step.state() != StepState.RESTORING) continue;
            var create = creates.get(OutboundChange.createKey(golden, step.system(), deletion.entityType()));
            if (create == null || create.state() == OutboundState.SETTLED) markers.add(marker(deletion, step));
        }
    }

    /** What is still to be deleted has a delete under way. It has none where the record was taken out of its golden for a time. */
    private void deleteAgain(Deletion deletion, Map<RecordKey, OutboundChange> writes) {
        if (!goldenOf.containsKey(deletion.id())) return;
        for (var step : deletion.steps()) {
            var record = step.state() == StepState.SENT ? records.get(step.target()) : null;
            var write = record == null ? null : writes.get(record.key());
            boolean settled = write != null && write.state() == OutboundState.SETTLED;
            if (settled && record.state() == RecordState.LIVE) markers.add(marker(deletion, step));
        }
    }

    /** Of several deletions that take a record out at once the one for good holds. */
    private void leave(Step step) {
        var record = records.get(step.target());
        if (record == null) return;
        if (DeletePlan.endsReturn(step, record)) changed.put(record.key(), record.withState(RecordState.DELETED));
        if (record.state() != RecordState.LIVE) return;
        if (step.action() == Action.SEVER) changed.put(record.key(), record.withState(RecordState.SEVERED));
        if (step.action() == Action.DISCONNECT)
            changed.putIfAbsent(record.key(), record.withState(RecordState.DISCONNECTED));
    }

    private Marker marker(Deletion deletion, Step step) {
        return new Marker(
                goldenOf.get(deletion.id()), step.system(), deletion.entityType(), step.target(), now, Cause.DECISION);
    }

    /** Those of the records that a deletion has sent to be deleted, that are part of what it deletes still, and that are not needed again. */
    public static Set<RecordKey> doomed(HubTransaction tx, HubModel model, Map<RecordKey, SourceRecord> targets) {
        var doomed = new HashSet<RecordKey>();
        if (targets.isEmpty()) return doomed;
        var open = tx.deletions().openOf(targets.keySet());
        if (open.isEmpty()) return doomed;
        var things = DeletionBook.goldensOf(tx, open);
        var seats = tx.goldens().goldenOf(targets.keySet());
        var origins = tx.records()
                .find(open.stream()
                        .map(Deletion::origin)
                        .filter(Objects::nonNull)
                        .toList());
        for (var deletion : open) {
            var origin = deletion.origin() == null ? null : origins.get(deletion.origin());
            if (origin != null && origin.state() == RecordState.LIVE) continue;
            var policy = model.deletes(deletion.entityType());
            for (var step : deletion.steps()) {
                var target = step.target() == null ? null : targets.get(step.target());
                if (step.state() != StepState.SENT || target == null) continue;
                if (!Objects.equals(things.get(deletion.id()), seats.get(target.key()))) continue;
                boolean asks = DeletePlan.isTheirs(deletion, step, DeletePlan.isMade(target), policy)
                        || DeletePlan.mindsEdits(deletion, step, policy)
                                && !target.observedAt().isBefore(step.at());
                if (!asks) doomed.add(step.target());
            }
        }
        return doomed;
    }

    /** Systems in which the records of goldens are to be created again, by golden. */
    public static Map<String, Set<String>> missed(HubTransaction tx, Map<String, List<Member>> members) {
        var goldenOf = new HashMap<RecordKey, String>();
        members.forEach((id, list) ->
                list.forEach(member -> goldenOf.put(member.record().key(), id)));
        var missed = new HashMap<String, Set<String>>();
        if (goldenOf.isEmpty()) return missed;
        var open = new ArrayList<>(tx.deletions().openOf(goldenOf.keySet()));
        open.addAll(tx.deletions().openOfGoldens(members.keySet())); // those of a person reach no record any more
        for (var deletion : open) {
            var id = deletion.origin() == null ? deletion.goldenId() : goldenOf.get(deletion.origin());
            for (var step : deletion.steps()) {
                if (id != null && step.state() == StepState.RESTORING) {
                    missed.computeIfAbsent(id, golden -> new TreeSet<>()).add(step.system());
                }
            }
        }
        return missed;
    }
}
