package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Merger;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.Dispatch.Sendable;
import io.kintsugi.server.engine.Settlement.Finding;
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
import java.util.function.Function;

/**
 * Steps 11 to 13 of the flow: sends what is due and records what is known of it. No network call is made inside a transaction.
 * Thread-safe as long as one thread sends to one system.
 */
public final class Dispatcher {
    static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int BATCH = 200;
    private static final int LEAST = 20;
    private static final Set<Code> SCHEMA =
            Set.of(Code.UNKNOWN_FIELD, Code.BAD_OPTION, Code.REQUIRED_MISSING, Code.FIELD_NOT_WRITABLE);
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
     * Makes a parked or held change due again, at once and with all its attempts. What was held back because nobody knew whose value
     * it is, is written.
     *
     * @throws HubException with {@code NOT_FOUND}, or {@code NOT_POSSIBLE} if it is in no state that waits for a person
     */
    public OutboundChange retry(String key) {
        var after = store.write(tx -> {
            var now = clock.instant();
            var found = tx.outbox().find(List.of(key)).get(key);
            if (found != null && found.target() != null) {
                tx.records().lock(new TreeSet<>(Set.of(found.target()))).values().stream()
                        .filter(record -> !Outbound.held(record).isEmpty())
                        .forEach(record -> tx.records().save(List.of(Outbound.released(record))));
            }
            var change = tx.outbox().lock(new TreeSet<>(Set.of(key))).get(key);
            if (change == null) throw new HubException(HubErrorCode.NOT_FOUND, "there is no outbound change " + key);
            if (change.open() || change.state() == OutboundState.SETTLED) {
                throw new HubException(
                        HubErrorCode.NOT_POSSIBLE,
                        "outbound change " + key + " is " + change.state()
                                + "; only parked, held and due ones can be retried");
            }
            var due = Outcome.change(change, OutboundState.DUE, change.problem(), now, 0, now);
            tx.outbox().save(List.of(due));
            return due;
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
        int most = most(outlet);
        var due = store.write(tx -> {
            boolean calm = tx.records().pending(1).isEmpty(); // before that no create is sent
            return Turns.next(tx, outlet.system(), clock.instant(), calm, most);
        });
        if (due.isEmpty()) return 0;
        var descriptions = descriptions(outlet);
        var required = OutboundReferences.required(model.get(), outlet.system(), outlet::describe);
        var leased =
                store.write(tx -> dispatch.lease(tx, outlet.system(), descriptions, due, required, clock.instant()));
        if (leased.looked() == 0) return 0;
        var unsent = new ArrayList<>(leased.send());
        try {
            for (var batch : byStream(leased.verify())) {
                verify(outlet, batch.get(0).stream(), batch);
            }
            for (var batch : byStream(leased.send())) send(outlet, batch.get(0).stream(), batch, unsent);
        } catch (ConnectorException e) { // what was leased but never left is due again, not unknown
            for (var batch : byStream(unsent)) {
                settle(outlet, batch.get(0).stream(), found(batch, sent -> new Outcome.Untried(e.getMessage())));
            }
            throw e;
        }
        events.publish("outbound.changed", Map.of("system", outlet.system(), "count", leased.looked()));
        return leased.looked();
    }

    /** Few at a time where a system takes few at a time, so that what is urgent need not wait for a long batch. */
    private static int most(Outlet outlet) {
        int largest = outlet.described().stream()
                .mapToInt(stream -> stream.can().writing().maxBatch())
                .max()
                .orElse(BATCH);
        return Math.max(LEAST, Math.min(BATCH, largest));
    }

    /** What the streams of a system can do; asked for before the transaction, and only where something is decided by it. */
    private Map<String, StreamDef> descriptions(Outlet outlet) {
        var descriptions = new HashMap<String, StreamDef>();
        if (Folding.policy(model.get(), outlet.system()).when() == When.KEEP) return descriptions;
        for (var stream : outlet.described()) descriptions.put(stream.name(), stream);
        return descriptions;
    }

    private static Collection<List<Sendable>> byStream(List<Sendable> sendables) {
        var byStream = new LinkedHashMap<String, List<Sendable>>();
        for (var sendable : sendables) {
            byStream.computeIfAbsent(sendable.stream().stream(), s -> new ArrayList<>())
                    .add(sendable);
        }
        return byStream.values();
    }

    private static List<Finding> found(List<Sendable> batch, Function<Sendable, Outcome> outcome) {
        return batch.stream()
                .map(sent -> new Finding(sent.change(), sent.target(), outcome.apply(sent)))
                .toList();
    }

    /** What is needed to write to one system. */
    interface Outlet {
        String system();

        Connector connector();

        Translator translator(StreamMapping stream);

        /** All streams as the system describes them; empty if it has not been asked yet. */
        List<StreamDef> described();

        /** The stream as the system describes it; null if it has not been asked yet. */
        default StreamDef describe(String stream) {
            return described().stream()
                    .filter(def -> def.name().equals(stream))
                    .findFirst()
                    .orElse(null);
        }

        /** Takes in records that were read outside the feed. */
        void takeIn(StreamMapping stream, List<NativeRecord> found);

        /** Takes in that records are gone. */
        void gone(StreamMapping stream, List<String> ids);

        /** A write was refused for what the schema of the stream may say. */
        default void refused(StreamMapping stream, RecordError error) {}

        /** Told what is about to be sent, before it leaves. */
        default void sends(StreamMapping stream, Map<Sendable, WriteOp> ops) {}

        /** Reads records, follows those that were merged into others, and takes in what became of them. */
        void lookUp(StreamMapping stream, List<String> ids) throws ConnectorException;
    }

    /** Sends changes of one stream; what was handed to the connector is taken off {@code unsent}. */
    private void send(Outlet outlet, StreamMapping stream, List<Sendable> sendables, List<Sendable> unsent)
            throws ConnectorException {
        var description = outlet.describe(stream.stream());
        int size = description == null ? BATCH : description.can().writing().maxBatch();
        for (int from = 0; from < sendables.size(); from += size) {
            var batch = sendables.subList(from, Math.min(from + size, sendables.size()));
            if (!leaseOutlives(batch, clock.instant().plus(DEADLINE))) {
                unsent.removeAll(batch);
                conclude(outlet, stream, found(batch, sent -> new Outcome.Untried("the batches before it took long")));
                continue;
            }
            var look = LastLook.take(
                    outlet.connector().lookups(), stream.stream(), outlet.translator(stream), batch, description);
            var types = model.rules(stream.entityType()).attributeTypes();
            var creates = batch.stream()
                    .filter(sent -> sent.change().intent().kind() == Intent.Kind.CREATE)
                    .toList();
            var inTheWay = new FirstLook(store, outlet, stream, description, types).take(creates);
            unsent.removeAll(batch);
            settle(outlet, stream, look.stale());
            follow(outlet, stream, look.changed());
            takeIn(outlet, stream, look.changed());
            conclude(outlet, stream, inTheWay);
            var agreed = batch.stream()
                    .filter(sent -> look.agrees(sent)
                            && inTheWay.stream()
                                    .noneMatch(finding -> finding.sent().equals(sent.change())))
                    .toList();
            var merges = agreed.stream()
                    .filter(sent -> sent.change().intent().kind() == Intent.Kind.MERGE && merges(description))
                    .toList();
            var ops = ops(
                    outlet,
                    stream,
                    agreed.stream().filter(sent -> !merges.contains(sent)).toList(),
                    look,
                    description);
            if (!ops.isEmpty()) sendBatch(outlet, stream, ops);
            for (var merge : merges) merge(outlet, stream, merge);
        }
    }

    private static boolean merges(StreamDef description) {
        return description != null && description.can().ops().contains(Op.MERGE);
    }

    /** Merges one record into another, then reads what became of both: the system may have made a third of them. */
    private void merge(Outlet outlet, StreamMapping stream, Sendable sent) throws ConnectorException {
        var change = sent.change();
        Outcome outcome;
        var id = change.target().externalId();
        outlet.sends(stream, Map.of(sent, new WriteOp.Delete(change.intent().id(), id, Map.of(), null)));
        try {
            var merger = outlet.connector().facet(Merger.class).orElse(null);
            outcome = NativeMerge.ask(merger, stream.stream(), change, clock.instant());
        } catch (ConnectorException e) { // thrown only when nothing can have been applied
            settle(outlet, stream, found(List.of(sent), any -> new Outcome.Untried(e.getMessage())));
            throw e;
        }
        if (outcome instanceof Outcome.Folded) {
            outlet.lookUp(stream, List.of(id, change.intent().into().externalId()));
        }
        conclude(outlet, stream, List.of(new Finding(change, sent.target(), outcome)));
        if (outcome instanceof Outcome.Folded) Children.look(store, model.get(), outlet, List.of(change.target()));
    }

    /** What is to be asked for each change; what cannot be said parks alone. */
    private Map<Sendable, WriteOp> ops(
            Outlet outlet, StreamMapping stream, List<Sendable> batch, LastLook look, StreamDef description)
            throws ConnectorException {
        var ops = new LinkedHashMap<Sendable, WriteOp>();
        var stuck = new ArrayList<Finding>();
        boolean writes = outlet.connector().facet(Writer.class).isPresent();
        var translator = outlet.translator(stream);
        for (var sendable : batch) {
            try {
                if (!writes) throw new IllegalArgumentException(outlet.system() + " cannot be written");
                ops.put(sendable, op(sendable, translator, description, look.of(sendable)));
            } catch (IllegalArgumentException e) { // one value that a function cannot write parks one record
                stuck.add(new Finding(sendable.change(), sendable.target(), new Outcome.Stuck(e.getMessage())));
            }
        }
        conclude(outlet, stream, stuck);
        return ops;
    }

    /** Whether nobody else will take the changes for lost before the connector must have answered. */
    private static boolean leaseOutlives(List<Sendable> batch, Instant answer) {
        return batch.stream().noneMatch(sent -> answer.isAfter(sent.change().leaseUntil()));
    }

    private void sendBatch(Outlet outlet, StreamMapping stream, Map<Sendable, WriteOp> ops) throws ConnectorException {
        var batch = List.copyOf(ops.keySet());
        var writer = outlet.connector().facet(Writer.class).orElseThrow();
        List<WriteResult> results;
        outlet.sends(stream, ops);
        try {
            var options = new Writer.WriteOptions(stream.linkKeyField(), DEADLINE);
            results = writer.write(stream.stream(), List.copyOf(ops.values()), options);
        } catch (ConnectorException e) { // thrown only when nothing can have been applied
            settle(outlet, stream, found(batch, sent -> new Outcome.Untried(e.getMessage())));
            throw e;
        }
        var byOp = new HashMap<String, WriteResult>();
        for (var result : results) {
            byOp.put(result.opId(), result);
            if (result instanceof WriteResult.Rejected no
                    && SCHEMA.contains(no.error().code())) outlet.refused(stream, no.error());
        }
        var reply = new Reply(outlet.translator(stream), byOp, readBack(outlet, stream, byOp.values()));
        conclude(outlet, stream, found(batch, sent -> {
            var id = sent.change().intent().id();
            return switch (sent.change().intent().kind()) {
                case DELETE -> reply.ofDelete(id, clock.instant());
                case MERGE -> reply.ofFold(id, clock.instant());
                case CREATE, UPDATE -> reply.outcome(id, clock.instant());
            };
        }));
    }

    private Set<String> settle(Outlet outlet, StreamMapping stream, List<Finding> findings) {
        if (findings.isEmpty()) return Set.of();
        return store.write(tx -> settlement.settle(tx, stream.stream(), findings, clock.instant()));
    }

    /** Reads records whose write was confirmed without saying what is stored now: the confirmed base of later comparisons. */
    private static Map<String, NativeRecord> readBack(
            Outlet outlet, StreamMapping stream, Collection<WriteResult> results) {
        var silent = new HashMap<String, String>();
        for (var result : results) {
            if (result instanceof WriteResult.Applied applied && applied.record() == null) {
                silent.put(applied.id(), applied.opId());
            }
        }
        var found = new HashMap<String, NativeRecord>();
        if (silent.isEmpty()) return found;
        try {
            var query = new Query(stream.stream(), outlet.translator(stream).fields());
            outlet.connector().lookups().byId(query, silent.keySet()).forEach((id, answer) -> {
                if (answer instanceof Lookup.Found there) found.put(silent.get(id), there.record());
            });
        } catch (ConnectorException e) {
            return found; // confirmed all the same; what is stored shows at the next poll
        }
        return found;
    }

    /** @param there the record as it is; empty if it was not looked at */
    private static WriteOp op(
            Sendable sendable, Translator translator, StreamDef description, Optional<NativeRecord> there) {
        var change = sendable.change();
        var intent = change.intent();
        var held = sendable.target() == null
                ? Map.<String, String>of()
                : sendable.target().attributes();
        if (intent.kind() == Intent.Kind.DELETE || intent.kind() == Intent.Kind.MERGE)
            return delete(sendable, description, there);
        if (intent.kind() == Intent.Kind.CREATE) {
            return new WriteOp.Create(intent.id(), intent.id(), translator.create(intent.values(), description));
        }
        var write = translator.write(intent.values(), held, description);
        var expected = new HashMap<>(write.expected());
        there.ifPresent(now -> {
            write.set()
                    .keySet()
                    .forEach(field -> expected.put(field, now.fields().get(field)));
            write.clear().forEach(field -> expected.put(field, now.fields().get(field)));
        });
        return new WriteOp.Update(
                intent.id(),
                change.target().externalId(),
                write.set(),
                Set.copyOf(write.clear()),
                expected,
                sendable.target().version());
    }

    /** A delete of the record as it was last seen, so that what somebody changed since is not deleted unseen. */
    private static WriteOp delete(Sendable sendable, StreamDef description, Optional<NativeRecord> there) {
        var id = sendable.change().target().externalId();
        var can = description == null ? Set.<Op>of() : description.can().ops();
        if (!can.contains(Op.DELETE) && !can.contains(Op.ARCHIVE)) {
            throw new IllegalArgumentException(sendable.change().system()
                    + " cannot delete records through its connector; delete or deactivate " + id
                    + " there by hand, and this settles by itself");
        }
        var expected = new HashMap<String, Object>();
        there.ifPresent(now -> sendable.stream()
                .fields()
                .forEach(field -> expected.put(field.field(), now.fields().get(field.field()))));
        return new WriteOp.Delete(
                sendable.change().intent().id(), id, expected, sendable.target().version());
    }

    /** Settles, then reads records that somebody changed meanwhile, so that the next try starts from what is there. */
    private void conclude(Outlet outlet, StreamMapping stream, List<Finding> findings) throws ConnectorException {
        var reread = settle(outlet, stream, findings);
        if (reread.isEmpty()) return;
        var query = new Query(stream.stream(), outlet.translator(stream).fields());
        var answers = outlet.connector().lookups().byId(query, reread);
        follow(outlet, stream, answers);
        takeIn(outlet, stream, answers);
    }

    /** What was merged into another record is followed there, before anything is said of a write to it. */
    private static void follow(Outlet outlet, StreamMapping stream, Map<String, Lookup> answers)
            throws ConnectorException {
        var merged = new ArrayList<String>();
        answers.forEach((id, answer) -> {
            if (answer instanceof Lookup.MergedInto) merged.add(id);
        });
        if (!merged.isEmpty()) outlet.lookUp(stream, merged);
    }

    private static void takeIn(Outlet outlet, StreamMapping stream, Map<String, Lookup> answers) {
        var found = new ArrayList<NativeRecord>();
        var gone = new ArrayList<String>();
        answers.forEach((id, answer) -> {
            if (answer instanceof Lookup.Found there) found.add(there.record());
            else if (answer instanceof Lookup.Gone) gone.add(id);
        });
        if (!found.isEmpty()) outlet.takeIn(stream, found);
        if (!gone.isEmpty()) outlet.gone(stream, gone);
    }

    /** Changes whose outcome is not known are read, and only then decided: never assumed failed, never assumed done. */
    private void verify(Outlet outlet, StreamMapping stream, List<Sendable> unknown) throws ConnectorException {
        var verification = new Verification(
                stream,
                outlet.translator(stream),
                outlet.describe(stream.stream()),
                model.rules(stream.entityType()).attributeTypes());
        var updates = unknown.stream().filter(s -> s.change().target() != null).toList();
        var creates = unknown.stream().filter(s -> s.change().target() == null).toList();
        var lookups = outlet.connector().lookups();
        var query = new Query(stream.stream(), outlet.translator(stream).fields());
        var asked = clock.instant(); // an answer may be long under way, and tells what was when it was asked for
        if (!updates.isEmpty()) {
            var ids = updates.stream()
                    .map(sent -> sent.change().target().externalId())
                    .toList();
            var answers = lookups.byId(query, ids);
            follow(outlet, stream, answers);
            settle(
                    outlet,
                    stream,
                    found(
                            updates,
                            sent -> verification.ofUpdate(
                                    sent, answers.get(sent.change().target().externalId()), asked)));
            takeIn(outlet, stream, answers);
            var merged = updates.stream()
                    .map(Sendable::change)
                    .filter(change -> change.intent().kind() == Intent.Kind.MERGE)
                    .map(OutboundChange::target)
                    .toList();
            if (merges(outlet.describe(stream.stream()))) Children.look(store, model.get(), outlet, merged);
        }
        if (!creates.isEmpty()) {
            var answers = stream.linkKeyField() == null
                    ? MadeRecords.byNaturalKey(store, outlet, stream, verification, creates)
                    : lookups.byKey(query, stream.linkKeyField(), intents(creates));
            settle(
                    outlet,
                    stream,
                    found(
                            creates,
                            sent -> verification.ofCreate(
                                    sent.change(),
                                    answers.getOrDefault(sent.change().intent().id(), List.of()),
                                    asked)));
        }
    }

    private static List<String> intents(List<Sendable> sent) {
        return sent.stream().map(one -> one.change().intent().id()).toList();
    }
}
