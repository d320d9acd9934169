package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.deletion.DeletionBook;
import io.kintsugi.server.engine.shared.Folding;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
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
import java.util.TreeSet;

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
        var deciding = new Deciding(tx, model, ids, context, now);
        var creates = OpenCreates.read(tx, system, type -> model.rules(type).attributeTypes());
        for (var change : inOrder(ready)) {
            var stream = streams.get(change.entityType());
            var target = change.target() == null ? null : context.targets().get(change.target());
            if (change.open()) { // a lease that expires is Ambiguous, never "not sent"
                var unknown = unknown(change, stream, now);
                save.add(unknown);
                if (stream != null) verify.add(new Sendable(unknown, stream, target));
                continue;
            }
            if (change.target() != null && context.folding().isBusy(change.target())) {
                save.add(putOff(change, now)); // a record goes into it, as was decided a moment ago
                continue;
            }
            var next = stream == null
                    ? Outcome.rest(
                            change, OutboundState.SETTLED, "no stream of " + system + " is written any more", now)
                    : change.target() == null
                            ? deciding.add(change, stream, descriptions.get(stream.stream()))
                            : deciding.update(change, stream, target, descriptions.get(stream.stream()));
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
            if (change.target() != null && !ready.contains(change)) save.add(putOff(change, now));
        }
        tx.outbox().save(save);
        DeletionBook.goes(tx, context.goes(), now);
        tx.outbox().mark(context.children());
        return new Leased(send, verify, save.size());
    }

    private static OutboundChange putOff(OutboundChange change, Instant now) {
        return Outcome.change(change, OutboundState.DUE, change.problem(), now.plus(PUT_OFF), change.attempts(), now);
    }

    /** @param stream null if nothing of the kind is written any more */
    private static OutboundChange unknown(OutboundChange change, StreamMapping stream, Instant now) {
        if (stream != null) {
            return Outcome.change(
                    change, OutboundState.VERIFYING, change.problem(), now.plus(LEASE), change.attempts(), now);
        }
        var why = "it is not known whether the write arrived, and no stream of " + change.system()
                + " is written any more; look there, then retry";
        return Outcome.rest(change, OutboundState.PARKED, why, now)
                .withIntent(change.intent().lost());
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
}
