package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.engine.schema.Fit;
import io.kintsugi.server.engine.schema.UnknownOptions;
import io.kintsugi.server.engine.shared.Folding;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.OutboxMarks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Step 11: takes due changes of one system, locks their goldens, computes what to write now, and makes the intent durable before
 * anything leaves. Stateless.
 */
public final class Dispatch {
    static final Duration LEASE = Duration.ofMinutes(2);
    static final Duration PUT_OFF = Duration.ofSeconds(5);
    private final LiveModel model;
    private final Ids ids;

    Dispatch(LiveModel model, Ids ids) {
        this.model = model;
        this.ids = ids;
    }

    /** @param target what the system is believed to hold; null for a create */
    public record Sendable(OutboundChange change, StreamMapping stream, SourceRecord target) {}

    /**
     * @param send changes with a durable intent, to be sent now
     * @param verify changes whose outcome is not known, to be read now
     * @param looked number of due changes that were looked at; 0 when nothing is due
     */
    record Leased(List<Sendable> send, List<Sendable> verify, int looked) {}

    /**
     * Locks go in one order everywhere, block keys before goldens before records before the outbox, or senders and resolvers would
     * deadlock. So what is due is found in a transaction of its own, and looked at again once its goldens are claimed.
     *
     * @param found what {@link io.kintsugi.core.store.Outbox#due} gave a moment ago
     * @param required attributes that the system demands of new records, by entity type
     */
    Leased lease(
            HubTransaction tx,
            String system,
            Map<String, StreamDef> descriptions,
            List<OutboundChange> found,
            Map<String, Set<String>> required,
            Instant now) {
        var streams = new HashMap<String, StreamMapping>();
        model.get().system(system).ifPresent(config -> config.streams().forEach(stream -> {
            if (stream.write()) streams.putIfAbsent(stream.entityType(), stream);
        }));
        var context = DueFacts.read(tx, model, system, found, descriptions, required);
        var due = stillDue(tx, found);
        var ready = ready(tx, due, context.folding());
        var send = new ArrayList<Sendable>();
        var verify = new ArrayList<Sendable>();
        var save = new ArrayList<OutboundChange>();
        var creates = OpenCreates.read(tx, system, type -> model.rules(type).attributeTypes());
        for (var change : inOrder(ready)) {
            var stream = streams.get(change.entityType());
            var target = change.target() == null ? null : context.targets().get(change.target());
            if (change.open()) { // a lease that expires is Ambiguous, never "not sent"
                var unknown = stream == null
                        ? rests(
                                change,
                                OutboundState.PARKED,
                                "it is not known whether the write arrived, and no stream of " + system
                                        + " is written any more; look there, then retry",
                                now)
                        : Outcome.change(
                                change,
                                OutboundState.VERIFYING,
                                change.problem(),
                                now.plus(LEASE),
                                change.attempts(),
                                now);
                save.add(unknown);
                if (stream != null) verify.add(new Sendable(unknown, stream, target));
                continue;
            }
            var next = stream == null
                    ? rests(change, OutboundState.SETTLED, "no stream of " + system + " is written any more", now)
                    : decide(tx, change, stream, target, context, descriptions.get(stream.stream()), now);
            var wait =
                    next.state() == OutboundState.SENDING ? creates.before(next) : Optional.<OpenCreates.Wait>empty();
            if (wait.isPresent()) {
                var at = wait.get().soon() ? now : now.plus(PUT_OFF);
                save.add(Outcome.change(change, OutboundState.DUE, wait.get().why(), at, change.attempts(), now));
                continue;
            }
            save.add(next);
            if (next.state() == OutboundState.SENDING) {
                creates.sends(next);
                send.add(new Sendable(next, stream, target));
                context.folding().sends(next);
            }
        }
        for (var change : due) { // what waits for the resolver lets others pass
            if (change.target() != null && !ready.contains(change)) {
                save.add(Outcome.change(
                        change, OutboundState.DUE, change.problem(), now.plus(PUT_OFF), change.attempts(), now));
            }
        }
        tx.outbox().save(save);
        tx.outbox().mark(context.children());
        return new Leased(send, verify, save.size());
    }

    /** What others refer to comes before them, and what they wait for, its creates, first (SYN-9). */
    private List<OutboundChange> inOrder(List<OutboundChange> changes) {
        var order = model.order();
        return changes.stream()
                .sorted(Comparator.comparingInt((OutboundChange change) -> order.step(change.entityType()))
                        .thenComparing(change -> change.target() != null))
                .toList();
    }

    private static List<OutboundChange> stillDue(HubTransaction tx, List<OutboundChange> found) {
        var keys = new TreeSet<String>();
        for (var change : found) keys.add(change.key());
        var now = tx.outbox().lock(keys);
        return found.stream()
                .filter(change -> change.equals(now.get(change.key())))
                .toList();
    }

    /**
     * Nothing is sent that was decided before the hub knew what it has read: a record that waits for resolution may hold somebody's
     * newer value, and while any record waits, a golden that seems to be missing in a system may be there already.
     */
    private static List<OutboundChange> ready(HubTransaction tx, List<OutboundChange> due, Folding folding) {
        boolean calm = tx.records().pending(1).isEmpty();
        var targets = due.stream()
                .map(OutboundChange::target)
                .filter(Objects::nonNull)
                .toList();
        var waiting = calm ? Set.<RecordKey>of() : tx.records().stillPending(targets);
        return due.stream()
                .filter(change -> change.open()
                        || (change.target() == null
                                ? calm
                                : !waiting.contains(change.target()) && !folding.isBusy(change.target())))
                .toList();
    }

    private OutboundChange decide(
            HubTransaction tx,
            OutboundChange change,
            StreamMapping stream,
            SourceRecord target,
            DueFacts context,
            StreamDef description,
            Instant now) {
        boolean create = change.target() == null;
        if (!create
                && context.erased().contains(change.target())
                && target != null
                && !target.state().gone()) {
            var intent = new Intent(ids.next("w"), Intent.Kind.DELETE, Map.of(), Map.of(), now);
            return sending(change, change.goldenId(), intent, now);
        }
        var goldenId = create
                ? context.current().get(change.goldenId())
                : context.goldenOf().get(change.target());
        var golden = goldenId == null ? null : context.goldens().get(goldenId);
        boolean missed =
                create && context.missed().getOrDefault(goldenId, Set.of()).contains(change.system());
        if (golden == null || golden.state() != GoldenState.ACTIVE && !missed) {
            return rests(change, OutboundState.SETTLED, "no golden record is behind it any more", now);
        }
        if (!create && (target == null || target.state() != RecordState.LIVE)) {
            return rests(
                    change, OutboundState.SETTLED, "the record is gone, or not in step with the hub any more", now);
        }
        if (create && !goldenId.equals(change.goldenId())) { // the survivor has a mark of its own
            return rests(change, OutboundState.SETTLED, "merged into " + goldenId, now);
        }
        var back = Optional.<RecordKey>empty();
        if (create) {
            var members = context.members().getOrDefault(goldenId, List.of());
            var there = members.stream()
                    .map(Member::record)
                    .filter(member -> member.key().system().equals(change.system()))
                    .toList();
            boolean returns = there.stream().anyMatch(member -> member.state() == RecordState.RETURNING);
            if (there.stream()
                    .anyMatch(member -> !(returns || missed) || !member.state().gone())) {
                return rests(change, OutboundState.SETTLED, "the system has it already", now);
            }
            if (!returns && !missed && !stream.provision()) { // what was to return has left with another golden since
                return rests(change, OutboundState.SETTLED, "no record of it is to be created there", now);
            }
            var question = members.stream()
                    .map(member -> context.questions().get(member.record().key()))
                    .filter(Objects::nonNull)
                    .findFirst();
            if (question.isPresent()) {
                return rests(change, OutboundState.HELD, "waits for review " + question.get(), now);
            }
            if (description == null) { // nothing could be looked up first, or brought back
                var why = "waits until " + change.system() + " says what it can do";
                return Outcome.change(change, OutboundState.DUE, why, now.plus(PUT_OFF), change.attempts(), now);
            }
            back = NativeUndelete.of(there, missed, change.intent(), stream);
            if (!NativeUndelete.offered(description)) back = Optional.empty();
        }
        if (!create && context.doomed().contains(change.target())) {
            return sending(
                    change, goldenId, new Intent(ids.next("w"), Intent.Kind.DELETE, Map.of(), Map.of(), now), now);
        }
        var rules = model.rules(stream.entityType());
        var held = create ? null : target;
        var writable = OutboxMarks.writable(stream, change.system(), rules.authority(), golden, held);
        var terms = create ? null : context.references().inGoldenTerms(target);
        var said = context.references()
                .inNativeTerms(rules.type(), Outbound.plan(golden.values(), terms, writable, rules.attributeTypes()));
        if (create && back.isEmpty()) {
            var required = context.required().getOrDefault(stream.entityType(), Set.of());
            var waiting = context.references().waiting(change, stream, golden, said, required, model.order(), now);
            if (waiting.isPresent()) {
                if (waiting.get().state() == OutboundState.DUE) {
                    context.children().addAll(context.references().needed(said, change.system(), now));
                }
                return waiting.get();
            }
        }
        var writes = said.writes();
        if (back.isPresent()) {
            return sending(change, goldenId, intent(Intent.Kind.UNDELETE, writes, back.get(), now), now);
        }
        if (!create) writes.putAll(context.reparenting().writes(target, terms, golden, writable));
        var fit = new Fit(change.system(), stream, model.standing(change.system(), stream.stream()));
        var unfit = fit.unfit(writes);
        UnknownOptions.note(tx, change.system(), stream, unfit.values(), now);
        writes.keySet().removeAll(unfit.keySet());
        var obstacle = create ? fit.obstacle(writes) : null;
        if (obstacle == null && create) obstacle = closed(change.system(), stream.stream());
        if (obstacle != null) return rests(change, OutboundState.HELD, obstacle, now);
        if (writes.isEmpty() && !unfit.isEmpty()) {
            return rests(change, OutboundState.HELD, unfit.get(unfit.firstKey()).why(), now);
        }
        if (writes.isEmpty()) {
            var undecided = create ? Set.<String>of() : Outbound.held(target);
            if (!undecided.isEmpty()) {
                return rests(change, OutboundState.PARKED, Settlement.undecided(undecided), now);
            }
            if (!said.missing().isEmpty()) return context.references().unsaid(change, said, now);
            var foreign = create ? Set.<String>of() : Outbound.foreign(target);
            if (foreign.isEmpty() && !create) return merge(tx, change, stream, goldenId, context, description, now);
            return foreign.isEmpty()
                    ? rests(change, OutboundState.SETTLED, null, now)
                    : rests(
                            change,
                            OutboundState.HELD,
                            String.join(", ", foreign)
                                    + " was changed there against what is trusted more, and is left so",
                            now);
        }
        var kind = create ? Intent.Kind.CREATE : Intent.Kind.UPDATE;
        var refused = create ? NativeUndelete.refused(change.intent()) : null;
        return sending(change, goldenId, intent(kind, writes, refused, now), now);
    }

    private Intent intent(Intent.Kind kind, Map<String, Outbound.Write> writes, RecordKey other, Instant now) {
        var values = new TreeMap<String, String>();
        var versions = new TreeMap<String, Long>();
        writes.forEach((attribute, write) -> {
            values.put(attribute, write.value());
            versions.put(attribute, write.version());
        });
        return new Intent(ids.next("w"), kind, values, versions, now, other, null, null);
    }

    /** Merges a record that is in step into another one of its golden, if it is to go and nothing hinders that. */
    private OutboundChange merge(
            HubTransaction tx,
            OutboundChange change,
            StreamMapping stream,
            String goldenId,
            DueFacts context,
            StreamDef description,
            Instant now) {
        var golden = context.goldens().get(goldenId);
        var rules = model.rules(stream.entityType());
        Predicate<SourceRecord> inStep = record -> {
            var writable = OutboxMarks.writable(stream, change.system(), rules.authority(), golden, record);
            var terms = context.references().inGoldenTerms(record);
            return Outbound.plan(golden.values(), terms, writable, rules.attributeTypes())
                            .isEmpty()
                    && Outbound.held(record).isEmpty()
                    && Outbound.foreign(record).isEmpty();
        };
        var step = context.folding().next(change, goldenId, description, inStep, context.questions(), context.doomed());
        if (step instanceof Folding.Stays) return rests(change, OutboundState.SETTLED, null, now);
        if (step instanceof Folding.Waits waits) {
            return waits.forPeople()
                    ? rests(change, OutboundState.HELD, waits.why(), now)
                    : Outcome.change(change, OutboundState.DUE, waits.why(), now.plus(PUT_OFF), change.attempts(), now);
        }
        var goes = (Folding.Goes) step;
        var into = goes.into();
        if (goes.way() == Folding.Way.DELETE) {
            var left = context.reparenting().left(tx, context.targets().get(change.target()), into, now);
            if (left.isPresent()) {
                context.children().addAll(left.get().moves());
                var why = "to be merged into " + into.externalId() + ", "
                        + left.get().why();
                return rests(change, OutboundState.HELD, why, now);
            }
        }
        return sending(change, goldenId, Intent.merge(ids.next("w"), into, now), now);
    }

    private String closed(String system, String stream) {
        var published = model.published().system(system).flatMap(config -> config.streams().stream()
                .filter(one -> one.stream().equals(stream))
                .findFirst());
        return Fit.closed(system, published.orElse(null), model.standing(system, stream));
    }

    private static OutboundChange sending(OutboundChange change, String goldenId, Intent intent, Instant now) {
        return new OutboundChange(
                change.key(),
                goldenId,
                change.system(),
                change.entityType(),
                change.target(),
                OutboundState.SENDING,
                false,
                change.markedAt(),
                now,
                change.attempts(),
                now.plus(LEASE),
                intent,
                null,
                now,
                change.cause());
    }

    static OutboundChange rests(OutboundChange change, OutboundState state, String why, Instant now) {
        int attempts = state == OutboundState.SETTLED ? 0 : change.attempts();
        return Outcome.change(change, state, why, change.dueAt(), attempts, now);
    }
}
