package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.Dispatch.Sendable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Steps 11 to 13 of the flow: sends what is due and records what is known of it. No network call is made inside a transaction.
 * Thread-safe as long as one thread sends to one system.
 */
public final class Dispatcher {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int BATCH = 200;
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final HubEvents events;
    private final Dispatch dispatch;
    private final Settlement settlement;

    public Dispatcher(HubStore store, LiveModel model, Clock clock, Ids ids, HubEvents events) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.events = events;
        this.dispatch = new Dispatch(model, ids);
        this.settlement = new Settlement(model);
    }

    /**
     * Makes a parked or held change due again, at once.
     *
     * @throws HubException with {@code NOT_FOUND}, or {@code NOT_POSSIBLE} if it is in no state that waits for a person
     */
    public OutboundChange retry(String key) {
        var after = store.write(tx -> {
            var change = tx.outbox().lock(new TreeSet<>(Set.of(key))).get(key);
            if (change == null) throw new HubException(HubErrorCode.NOT_FOUND, "there is no outbound change " + key);
            if (change.open() || change.state() == OutboundState.SETTLED) {
                throw new HubException(
                        HubErrorCode.NOT_POSSIBLE,
                        "outbound change " + key + " is " + change.state()
                                + "; only parked, held and due ones can be retried");
            }
            settlement.again(tx, change, change.problem(), clock.instant(), clock.instant());
            return tx.outbox().find(List.of(key)).get(key);
        });
        events.publish(
                "outbound.changed",
                Map.of(
                        "system",
                        after.system(),
                        "key",
                        key,
                        "state",
                        after.state().name()));
        return after;
    }

    /** Sends one batch of what is due for a system. Returns how many changes it looked at; 0 when nothing is due. */
    int sendDue(Outlet outlet) throws ConnectorException {
        var due = store.write(tx -> tx.outbox().due(outlet.system(), clock.instant(), BATCH));
        if (due.isEmpty()) return 0;
        var leased = store.write(tx -> dispatch.lease(tx, outlet.system(), due, clock.instant()));
        if (leased.looked() == 0) return 0;
        var unsent = new ArrayList<>(leased.send());
        try {
            verify(outlet, leased.verify());
            send(outlet, unsent);
        } catch (ConnectorException e) { // what was leased but never left is due again, not unknown
            notSent(unsent, e);
            throw e;
        }
        events.publish("outbound.changed", Map.of("system", outlet.system(), "count", leased.looked()));
        return leased.looked();
    }

    private void notSent(List<Sendable> unsent, ConnectorException cause) {
        store.write(tx -> {
            for (var sendable : unsent) settlement.notSent(tx, sendable.change(), cause.getMessage(), clock.instant());
            return null;
        });
    }

    /** Sends all, stream by stream; what was handed to the connector is taken off the list. */
    private void send(Outlet outlet, List<Sendable> unsent) throws ConnectorException {
        var byStream = new LinkedHashMap<String, List<Sendable>>();
        for (var sendable : unsent) {
            byStream.computeIfAbsent(sendable.stream().stream(), s -> new ArrayList<>())
                    .add(sendable);
        }
        for (var batch : byStream.values()) sendStream(outlet, batch, unsent);
    }

    /** What is needed to write to one system. */
    interface Outlet {
        String system();

        Connector connector();

        Translator translator(StreamMapping stream);

        /** The stream as the system describes it; null if it has not been asked yet. */
        StreamDef describe(String stream);

        /** Takes in records that were read outside the feed. */
        void takeIn(StreamMapping stream, List<NativeRecord> found);

        /** Takes in that records are gone. */
        void gone(StreamMapping stream, List<String> ids);
    }

    private void sendStream(Outlet outlet, List<Sendable> sendables, List<Sendable> unsent) throws ConnectorException {
        var stream = sendables.get(0).stream();
        var description = outlet.describe(stream.stream());
        var writer = outlet.connector().facet(Writer.class);
        if (writer.isEmpty()) {
            store.write(tx -> {
                for (var s : sendables)
                    settlement.park(tx, s.change(), outlet.system() + " cannot be written", clock.instant());
                return null;
            });
            return;
        }
        int size = description == null ? BATCH : description.can().writing().maxBatch();
        for (int from = 0; from < sendables.size(); from += size) {
            var batch = sendables.subList(from, Math.min(from + size, sendables.size()));
            unsent.removeAll(batch);
            sendBatch(outlet, stream, description, writer.get(), batch);
        }
    }

    private void sendBatch(
            Outlet outlet, StreamMapping stream, StreamDef description, Writer writer, List<Sendable> leased)
            throws ConnectorException {
        var translator = outlet.translator(stream);
        var ops = new ArrayList<WriteOp>();
        var batch = new ArrayList<Sendable>();
        for (var sendable : leased) {
            try {
                ops.add(op(sendable, translator, description));
                batch.add(sendable);
            } catch (IllegalArgumentException e) { // one value that a function cannot write parks one record
                store.write(tx -> {
                    settlement.park(tx, sendable.change(), e.getMessage(), clock.instant());
                    return null;
                });
            }
        }
        if (ops.isEmpty()) return;
        List<WriteResult> results;
        try {
            results = writer.write(stream.stream(), ops, new Writer.WriteOptions(stream.linkKeyField(), DEADLINE));
        } catch (ConnectorException e) { // thrown only when nothing can have been applied
            notSent(batch, e);
            throw e;
        }
        var byOp = new HashMap<String, WriteResult>();
        for (var result : results) byOp.put(result.opId(), result);
        var readBack = readBack(outlet, stream, translator, byOp.values());
        var reread = store.write(tx -> {
            var again = new ArrayList<String>();
            for (var sendable : batch) {
                var intent = sendable.change().intent();
                var result = byOp.getOrDefault(
                        intent.id(), new WriteResult.Ambiguous(intent.id(), "the connector gave no result"));
                var next = settlement.record(
                        tx,
                        sendable.change(),
                        stream.stream(),
                        result,
                        readBack.get(intent.id()),
                        translator,
                        clock.instant());
                if (next == Settlement.Next.REREAD)
                    again.add(sendable.change().target().externalId());
            }
            return again;
        });
        if (!reread.isEmpty()) takeInNow(outlet, stream, reread);
    }

    /** Reads records whose write was confirmed without saying what is stored now: the confirmed base of later comparisons. */
    private static Map<String, NativeRecord> readBack(
            Outlet outlet, StreamMapping stream, Translator translator, Collection<WriteResult> results) {
        var silent = new HashMap<String, String>();
        for (var result : results) {
            if (result instanceof WriteResult.Applied applied && applied.record() == null) {
                silent.put(applied.id(), applied.opId());
            }
        }
        var found = new HashMap<String, NativeRecord>();
        if (silent.isEmpty()) return found;
        try {
            var query = new Query(stream.stream(), translator.fields());
            outlet.connector().lookups().byId(query, silent.keySet()).forEach((id, answer) -> {
                if (answer instanceof Lookup.Found there) found.put(silent.get(id), there.record());
            });
        } catch (ConnectorException e) {
            return found; // confirmed all the same; what is stored shows at the next poll
        }
        return found;
    }

    private static WriteOp op(Sendable sendable, Translator translator, StreamDef description) {
        var change = sendable.change();
        var intent = change.intent();
        var held = sendable.target() == null
                ? Map.<String, String>of()
                : sendable.target().attributes();
        var write = translator.write(intent.values(), held, description);
        if (intent.kind() == Intent.Kind.CREATE) return new WriteOp.Create(intent.id(), intent.id(), write.set());
        return new WriteOp.Update(
                intent.id(),
                change.target().externalId(),
                write.set(),
                Set.copyOf(write.clear()),
                write.expected(),
                sendable.target().version());
    }

    /** Reads records that stood in the way of a write and takes them in, so that the next try starts from what is there. */
    private void takeInNow(Outlet outlet, StreamMapping stream, List<String> ids) throws ConnectorException {
        var query = new Query(stream.stream(), outlet.translator(stream).fields());
        var found = new ArrayList<NativeRecord>();
        var gone = new ArrayList<String>();
        outlet.connector().lookups().byId(query, ids).forEach((id, answer) -> {
            if (answer instanceof Lookup.Found there) found.add(there.record());
            else if (answer instanceof Lookup.Gone) gone.add(id);
        });
        outlet.takeIn(stream, found);
        outlet.gone(stream, gone);
    }

    /** Changes whose outcome is not known are read, and only then decided: never assumed failed, never assumed done. */
    private void verify(Outlet outlet, List<Sendable> unknown) throws ConnectorException {
        for (var sendable : unknown) {
            var change = sendable.change();
            var translator = outlet.translator(sendable.stream());
            var query = new Query(sendable.stream().stream(), translator.fields());
            if (change.intent().kind() == Intent.Kind.UPDATE) {
                verifyUpdate(outlet, sendable, translator, query);
            } else {
                verifyCreate(outlet, sendable, translator, query);
            }
        }
    }

    private void verifyUpdate(Outlet outlet, Sendable sendable, Translator translator, Query query)
            throws ConnectorException {
        var change = sendable.change();
        var id = change.target().externalId();
        var answer = outlet.connector().lookups().byId(query, List.of(id)).get(id);
        var seen =
                answer instanceof Lookup.Found found ? read(found.record(), translator) : Optional.<Observation>empty();
        store.write(tx -> {
            var now = clock.instant();
            if (seen.isEmpty()) {
                settlement.again(
                        tx,
                        change,
                        "the record could not be read to see whether the write arrived",
                        now,
                        now.plusSeconds(30));
            } else if (holds(seen.get(), change)) {
                settlement.applied(tx, change, sendable.stream().stream(), id, seen.get(), false, now);
            } else {
                settlement.again(tx, change, "the write did not arrive", now, now);
            }
            return null;
        });
        if (answer instanceof Lookup.Found found && seen.isPresent() && !holds(seen.get(), change)) {
            outlet.takeIn(sendable.stream(), List.of(found.record()));
        } else if (answer instanceof Lookup.Gone) {
            outlet.gone(sendable.stream(), List.of(id));
        }
    }

    private void verifyCreate(Outlet outlet, Sendable sendable, Translator translator, Query query)
            throws ConnectorException {
        var change = sendable.change();
        var field = sendable.stream().linkKeyField();
        if (field == null) {
            store.write(tx -> {
                settlement.park(
                        tx,
                        change,
                        "it is not known whether the record was created, and the stream has no link key field to look it up; "
                                + "look for it in " + change.system() + ", then retry",
                        clock.instant());
                return null;
            });
            return;
        }
        var intent = change.intent();
        var found = outlet.connector()
                .lookups()
                .byKey(query, field, List.of(intent.id()))
                .getOrDefault(intent.id(), List.of());
        var description = outlet.describe(sendable.stream().stream());
        var lag = description == null
                ? Duration.ZERO
                : description.can().reading().visibilityLag();
        var sure = intent.sentAt().plus(DEADLINE).plus(lag);
        store.write(tx -> {
            Instant now = clock.instant();
            if (!found.isEmpty()) {
                var record = found.get(0);
                settlement.applied(
                        tx,
                        change,
                        sendable.stream().stream(),
                        record.id().id(),
                        read(record, translator).orElse(null),
                        false,
                        now);
            } else if (now.isBefore(sure)) { // a late original may still arrive
                settlement.stillUnknown(tx, change, "waits until a late create would have arrived", now, sure);
            } else {
                settlement.again(tx, change, "the create did not arrive", now, now);
            }
            return null;
        });
    }

    private static Optional<Observation> read(NativeRecord record, Translator translator) {
        try {
            return Optional.of(translator.read(record));
        } catch (Translator.Unmappable e) {
            return Optional.empty();
        }
    }

    private boolean holds(Observation seen, OutboundChange change) {
        var types = model.rules(change.entityType()).attributeTypes();
        return change.intent().values().entrySet().stream()
                .allMatch(sent -> Outbound.plainlyRewritten(
                        types.apply(sent.getKey()),
                        sent.getValue(),
                        seen.attributes().get(sent.getKey())));
    }
}
