package io.kintsugi.server.engine.outbound;

import static java.util.stream.Collectors.toMap;

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
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.outbound.Dispatch.Sendable;
import io.kintsugi.server.engine.outbound.Settlement.Finding;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Steps 11 to 13 of the flow: sends what is due and records what is known of it. No network call is made inside a transaction.
 * Thread-safe as long as one thread sends to one system.
 */
public final class Dispatcher {
    static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Set<Code> SCHEMA =
            Set.of(Code.UNKNOWN_FIELD, Code.BAD_OPTION, Code.REQUIRED_MISSING, Code.FIELD_NOT_WRITABLE);
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final HubEvents events;
    private final Dispatch dispatch;
    private final Settlement settlement;
    private final UnknownOutcomes unknown;
    /** By system. In memory only: a hub that starts again tries a few batches more. */
    private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();

    public Dispatcher(HubStore store, LiveModel model, Clock clock, Ids ids, HubEvents events) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.events = events;
        this.dispatch = new Dispatch(model, ids);
        this.settlement = new Settlement(model);
        this.unknown = new UnknownOutcomes(store, model, clock, settlement);
    }

    /**
     * Makes a parked or held change due again, at once and with all its attempts. What was held back because nobody knew whose value
     * it is, or because the system refused it, is written; a create of which nobody knows what became is sent again.
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
            var due = Outcome.change(change, OutboundState.DUE, change.problem(), now, 0, now)
                    .released();
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

    /** What keeps a system from being sent all that is due; empty if nothing does. */
    public Optional<Breaker> unwilling(String system) {
        return Optional.of(breaker(system)).filter(Breaker::probes);
    }

    private Breaker breaker(String system) {
        return breakers.getOrDefault(system, Breaker.CLOSED);
    }

    /**
     * Sends one batch of what is due for a system. Returns how many changes it looked at; 0 when nothing is due, or the system is
     * {@linkplain #unwilling unwilling} and it is not time to try it.
     */
    public int sendDue(Outlet outlet) throws ConnectorException {
        var breaker = breaker(outlet.system());
        if (breaker.isOpen(clock.instant()) || !isAnyDue(outlet.system())) return 0;
        var first = outlet.described();
        int most = breaker.probes() ? 1 : Turns.most(first);
        var due = store.write(tx -> {
            boolean calm = tx.records().pending(1).isEmpty(); // before that no create is sent
            return Turns.next(tx, outlet.system(), clock.instant(), calm, most);
        });
        if (due.isEmpty()) return 0;
        var described = first.isEmpty() ? outlet.described() : first; // it may have answered since
        var descriptions = described.stream().collect(toMap(StreamDef::name, stream -> stream));
        var required = OutboundReferences.required(model.get(), outlet.system(), outlet::describe);
        var leased =
                store.write(tx -> dispatch.lease(tx, outlet.system(), descriptions, due, required, clock.instant()));
        if (leased.looked() == 0) return 0;
        var unsent = new ArrayList<>(leased.send());
        try {
            for (var batch : byStream(leased.verify())) {
                unknown.read(outlet, batch.get(0).stream(), batch);
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

    /** Most looks find nothing, and a transaction that locks nothing costs least. */
    private boolean isAnyDue(String system) {
        var now = clock.instant();
        return store.read(tx -> tx.outbox().nextDue(system))
                .filter(at -> !at.isAfter(now))
                .isPresent();
    }

    private static Collection<List<Sendable>> byStream(List<Sendable> sendables) {
        var byStream = new LinkedHashMap<String, List<Sendable>>();
        for (var sendable : sendables) {
            byStream.computeIfAbsent(sendable.stream().stream(), s -> new ArrayList<>())
                    .add(sendable);
        }
        return byStream.values();
    }

    static List<Finding> found(List<Sendable> batch, Function<Sendable, Outcome> outcome) {
        return batch.stream()
                .map(sent -> new Finding(sent.change(), sent.target(), outcome.apply(sent)))
                .toList();
    }

    /** What is needed to write to one system. */
    public interface Outlet {
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
        int size =
                description == null ? Turns.BATCH : description.can().writing().maxBatch();
        for (int from = 0; from < sendables.size(); from += size) {
            var batch = sendables.subList(from, Math.min(from + size, sendables.size()));
            if (!mayGo(outlet, stream, batch)) {
                unsent.removeAll(batch);
                continue;
            }
            var look = LastLook.take(
                    outlet.connector().lookups(), stream.stream(), outlet.translator(stream), batch, description);
            var types = model.rules(stream.entityType()).attributeTypes();
            var creates = batch.stream()
                    .filter(sent -> sent.change().intent().kind().adds())
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
                    .filter(sent ->
                            sent.change().intent().kind() == Intent.Kind.MERGE && NativeMerge.offered(description))
                    .toList();
            var undeletes = agreed.stream()
                    .filter(sent -> sent.change().intent().kind() == Intent.Kind.UNDELETE)
                    .toList();
            var writes = agreed.stream()
                    .filter(sent -> !merges.contains(sent) && !undeletes.contains(sent))
                    .toList();
            var requests = Requests.of(outlet, stream, writes, look, description);
            conclude(outlet, stream, requests.stuck());
            if (mayGo(outlet, stream, requests.ops().keySet())) sendBatch(outlet, stream, requests.ops());
            for (var group : NativeMerge.byWinner(merges)) {
                if (mayGo(outlet, stream, group)) merge(outlet, stream, group);
            }
            if (mayGo(outlet, stream, undeletes)) undelete(outlet, stream, undeletes);
        }
    }

    /** Brings records back, and takes in what is there before it is stored that they are. */
    private void undelete(Outlet outlet, StreamMapping stream, List<Sendable> batch) throws ConnectorException {
        outlet.sends(stream, NativeUndelete.ops(batch));
        var query = new Query(stream.stream(), outlet.translator(stream).fields());
        NativeUndelete.Answer answer;
        try {
            answer = NativeUndelete.ask(outlet.connector(), stream, query, batch, clock.instant());
        } catch (ConnectorException e) { // thrown only when nothing can have been brought back
            settle(outlet, stream, found(batch, sent -> new Outcome.Untried(e.getMessage())));
            throw e;
        }
        follow(outlet, stream, answer.there());
        takeIn(outlet, stream, answer.there());
        conclude(outlet, stream, answered(outlet, found(batch, answer.outcomes()::get)));
    }

    /** Merges records into one, then reads what became of all: the system may have made another of them, or left some out. */
    private void merge(Outlet outlet, StreamMapping stream, List<Sendable> batch) throws ConnectorException {
        Map<Sendable, Outcome> outcomes;
        outlet.sends(stream, NativeMerge.ops(batch));
        try {
            var merger = outlet.connector().facet(Merger.class).orElse(null);
            outcomes = NativeMerge.ask(merger, stream.stream(), batch, clock.instant());
        } catch (ConnectorException e) { // thrown only when nothing can have been applied
            settle(outlet, stream, found(batch, any -> new Outcome.Untried(e.getMessage())));
            throw e;
        }
        var folded = batch.stream()
                .filter(sent -> outcomes.get(sent) instanceof Outcome.Folded)
                .map(sent -> sent.change().target())
                .toList();
        if (!folded.isEmpty()) {
            var ids = new ArrayList<String>();
            for (var sent : batch) ids.add(sent.change().target().externalId());
            ids.add(batch.get(0).change().intent().into().externalId());
            outlet.lookUp(stream, ids);
        }
        conclude(outlet, stream, answered(outlet, found(batch, outcomes::get)));
        NativeMerge.lookAtChildren(store, model.get(), outlet, folded);
    }

    /**
     * Whether there is something to send, the system takes writes, and nobody else will take it for lost before the connector must have
     * answered. What is too late, after what was sent or looked up before it, is due again.
     */
    private boolean mayGo(Outlet outlet, StreamMapping stream, Collection<Sendable> batch) throws ConnectorException {
        if (batch.isEmpty()) return false;
        var answer = clock.instant().plus(DEADLINE);
        boolean late =
                batch.stream().anyMatch(sent -> answer.isAfter(sent.change().leaseUntil()));
        boolean unwilling = breaker(outlet.system()).isOpen(clock.instant());
        if (!late && !unwilling) return true;
        var why = late ? "what came before it took long" : outlet.system() + " takes no writes now";
        conclude(outlet, stream, found(List.copyOf(batch), sent -> new Outcome.Untried(why)));
        return false;
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
        var reply = Reply.of(outlet, stream, byOp);
        var findings = found(batch, sent -> {
            var id = sent.change().intent().id();
            return switch (sent.change().intent().kind()) {
                case DELETE -> reply.ofDelete(id, clock.instant());
                case MERGE -> reply.ofFold(id, clock.instant());
                case CREATE, UPDATE -> reply.ofValues(sent.change().intent(), clock.instant());
                case UNDELETE -> throw new IllegalStateException("an undelete is no write");
            };
        });
        conclude(outlet, stream, answered(outlet, findings));
    }

    /** Remembers whether a system took anything of what it was sent. That it does not when it is tried is no attempt of a write. */
    private List<Finding> answered(Outlet outlet, List<Finding> findings) {
        var before = breaker(outlet.system());
        var after = before.after(findings.stream().map(Finding::outcome).toList(), clock.instant());
        breakers.put(outlet.system(), after);
        if (!before.probes() || !after.probes()) return findings;
        return findings.stream()
                .map(finding -> finding.outcome() instanceof Outcome.Again again
                        ? new Finding(finding.sent(), finding.target(), new Outcome.Untried(again.why()))
                        : finding)
                .toList();
    }

    private Set<String> settle(Outlet outlet, StreamMapping stream, List<Finding> findings) {
        if (findings.isEmpty()) return Set.of();
        return store.write(tx -> settlement.settle(tx, stream.stream(), findings, clock.instant()));
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
    static void follow(Outlet outlet, StreamMapping stream, Map<String, Lookup> answers) throws ConnectorException {
        var merged = new ArrayList<String>();
        answers.forEach((id, answer) -> {
            if (answer instanceof Lookup.MergedInto) merged.add(id);
        });
        if (!merged.isEmpty()) outlet.lookUp(stream, merged);
    }

    static void takeIn(Outlet outlet, StreamMapping stream, Map<String, Lookup> answers) {
        var found = new ArrayList<NativeRecord>();
        var gone = new ArrayList<String>();
        answers.forEach((id, answer) -> {
            if (answer instanceof Lookup.Found there) found.add(there.record());
            else if (answer instanceof Lookup.Gone) gone.add(id);
        });
        if (!found.isEmpty()) outlet.takeIn(stream, found);
        if (!gone.isEmpty()) outlet.gone(stream, gone);
    }
}
