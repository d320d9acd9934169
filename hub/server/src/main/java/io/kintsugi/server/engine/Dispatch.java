package io.kintsugi.server.engine;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Outbound;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Step 11: takes due changes of one system, locks their goldens, computes what to write now, and makes the intent durable before
 * anything leaves. Stateless.
 */
final class Dispatch {
    static final Duration LEASE = Duration.ofMinutes(2);
    private final LiveModel model;
    private final Ids ids;

    Dispatch(LiveModel model, Ids ids) {
        this.model = model;
        this.ids = ids;
    }

    /** @param target what the system is believed to hold; null for a create */
    record Sendable(OutboundChange change, StreamMapping stream, SourceRecord target) {}

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
     */
    Leased lease(HubTransaction tx, String system, List<OutboundChange> found, Instant now) {
        var streams = new HashMap<String, StreamMapping>();
        model.get().system(system).ifPresent(config -> config.streams().forEach(stream -> {
            if (stream.write()) streams.putIfAbsent(stream.entityType(), stream);
        }));
        var context = read(tx, found);
        var ready = ready(tx, stillDue(tx, found));
        var send = new ArrayList<Sendable>();
        var verify = new ArrayList<Sendable>();
        var save = new ArrayList<OutboundChange>();
        for (var change : ready) {
            var stream = streams.get(change.entityType());
            var target = change.target() == null ? null : context.targets().get(change.target());
            if (change.open()) { // a lease that expires is Ambiguous, never "not sent"
                var unknown =
                        with(change, OutboundState.VERIFYING, now.plus(LEASE), change.intent(), change.problem(), now);
                save.add(unknown);
                if (stream != null) verify.add(new Sendable(unknown, stream, target));
                continue;
            }
            var next = stream == null
                    ? with(
                            change,
                            OutboundState.SETTLED,
                            null,
                            change.intent(),
                            "no stream of " + system + " is written any more",
                            now)
                    : decide(tx, change, stream, target, context, now);
            save.add(next);
            if (next.state() == OutboundState.SENDING) send.add(new Sendable(next, stream, target));
        }
        tx.outbox().save(save);
        return new Leased(send, verify, ready.size());
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
    private static List<OutboundChange> ready(HubTransaction tx, List<OutboundChange> due) {
        boolean calm = tx.records().pending(1).isEmpty();
        var targets = due.stream()
                .map(OutboundChange::target)
                .filter(Objects::nonNull)
                .toList();
        var waiting = calm ? Set.<RecordKey>of() : tx.records().stillPending(targets);
        return due.stream()
                .filter(change ->
                        change.open() || (change.target() == null ? calm : !waiting.contains(change.target())))
                .toList();
    }

    private record Context(
            Map<RecordKey, SourceRecord> targets,
            Map<RecordKey, String> goldenOf,
            Map<String, GoldenRecord> goldens,
            Map<String, List<Member>> members) {}

    private static Context read(HubTransaction tx, List<OutboundChange> due) {
        var targets = new TreeSet<RecordKey>();
        var goldenIds = new TreeSet<String>();
        for (var change : due) {
            if (change.target() != null) targets.add(change.target());
            else goldenIds.add(tx.goldens().currentId(change.goldenId()));
        }
        var goldenOf = tx.goldens().goldenOf(targets);
        goldenIds.addAll(goldenOf.values());
        tx.goldens().claim(goldenIds);
        goldenOf = tx.goldens().goldenOf(targets); // again, now that nothing can move
        return new Context(
                tx.records().find(targets),
                goldenOf,
                tx.goldens().find(goldenIds),
                tx.goldens().members(goldenIds));
    }

    private OutboundChange decide(
            HubTransaction tx,
            OutboundChange change,
            StreamMapping stream,
            SourceRecord target,
            Context context,
            Instant now) {
        boolean create = change.target() == null;
        var goldenId = create
                ? tx.goldens().currentId(change.goldenId())
                : context.goldenOf().get(change.target());
        var golden = goldenId == null ? null : context.goldens().get(goldenId);
        if (golden == null || golden.state() != GoldenState.ACTIVE) {
            return with(
                    change,
                    OutboundState.SETTLED,
                    null,
                    change.intent(),
                    "no golden record is behind it any more",
                    now);
        }
        if (!create && (target == null || target.state() != RecordState.LIVE)) {
            return with(
                    change, OutboundState.SETTLED, null, change.intent(), "the record is gone from its system", now);
        }
        var members = context.members().getOrDefault(goldenId, List.of());
        if (create && !goldenId.equals(change.goldenId())) { // the survivor has a mark of its own
            return with(change, OutboundState.SETTLED, null, change.intent(), "merged into " + goldenId, now);
        }
        if (create) {
            if (members.stream().anyMatch(m -> m.record().key().system().equals(change.system()))) {
                return with(change, OutboundState.SETTLED, null, change.intent(), "the system has it already", now);
            }
            var gate = openQuestion(tx, members);
            if (gate.isPresent()) {
                return with(change, OutboundState.HELD, null, change.intent(), "waits for review " + gate.get(), now);
            }
        }
        var rules = model.rules(stream.entityType());
        var writes = Outbound.plan(
                golden.values(), create ? null : target, OutboxMarks.writable(stream), rules.attributeTypes());
        if (writes.isEmpty()) return with(change, OutboundState.SETTLED, null, change.intent(), null, now);
        var values = new TreeMap<String, String>();
        var versions = new TreeMap<String, Long>();
        writes.forEach((attribute, write) -> {
            values.put(attribute, write.value());
            versions.put(attribute, write.version());
        });
        var intent = new Intent(ids.next("w"), create ? Intent.Kind.CREATE : Intent.Kind.UPDATE, values, versions, now);
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
                now);
    }

    /** A golden with an open question provisions nothing: the answer may be that the system has it already. */
    private static Optional<String> openQuestion(HubTransaction tx, List<Member> members) {
        var keys = members.stream().map(member -> member.record().key()).toList();
        return tx.reviews().openOf(keys).stream()
                .filter(review -> review.kind() == Kind.CANDIDATE || review.kind() == Kind.DISPUTED)
                .map(review -> review.id())
                .findFirst();
    }

    /** A copy in another state; {@code until} is the end of the lease, or null. */
    static OutboundChange with(
            OutboundChange change, OutboundState state, Instant until, Intent intent, String problem, Instant now) {
        return new OutboundChange(
                change.key(),
                change.goldenId(),
                change.system(),
                change.entityType(),
                change.target(),
                state,
                state == OutboundState.VERIFYING && change.dirty(),
                change.markedAt(),
                change.dueAt(),
                state == OutboundState.SETTLED ? 0 : change.attempts(),
                until,
                intent,
                problem,
                now);
    }
}
