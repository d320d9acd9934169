package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.Restorer;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.server.engine.outbound.Dispatch.Sendable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives a golden record the record back that it had in a system, by the system's own undelete: under its old id, with what the system
 * ties to it. Only a system that says it cannot is asked for a new one instead.
 */
public final class NativeUndelete {
    /** Refusals that mean there is nothing to bring back, if nothing is there. */
    private static final Set<Code> LOST = Set.of(Code.NOT_FOUND, Code.DELETED, Code.MERGED_AWAY, Code.UNSUPPORTED);

    private NativeUndelete() {}

    /** Whether deleted records of a stream can be brought back; not, as long as it has not said so. */
    public static boolean offered(StreamDef description) {
        return description != null && description.can().ops().contains(Op.UNDELETE);
    }

    /**
     * The record to bring back instead of creating one: of those that are gone the one that was there last.
     *
     * @param there all records of the golden in the system
     * @param missed whether deleted ones are wanted back, and not only those that were merged into another thing
     * @param last what was sent last for the golden in the system; null for nothing
     * @return empty if there is none, so that one is created
     */
    public static Optional<RecordKey> of(
            Collection<SourceRecord> there, boolean missed, Intent last, StreamMapping stream) {
        var refused = refused(last);
        return there.stream()
                .filter(record -> record.stream().equals(stream.stream()))
                .filter(record ->
                        record.state() == RecordState.RETURNING || missed && record.state() == RecordState.DELETED)
                .max(Comparator.comparing(SourceRecord::observedAt).thenComparing(SourceRecord::key))
                .map(SourceRecord::key)
                .filter(key -> !key.equals(refused));
    }

    /** The record that the system said it cannot bring back, so that another is created in its place; null for none. */
    static RecordKey refused(Intent last) {
        return last != null && last.kind() == Intent.Kind.CREATE ? last.into() : null;
    }

    /**
     * What became of undeletes.
     *
     * @param outcomes by change
     * @param there what was read of the records, by id; to be taken in before the outcomes are stored
     */
    record Answer(Map<Sendable, Outcome> outcomes, Map<String, Lookup> there) {}

    /**
     * Asks for records, and reads what is there then: whatever the system answered, only what can be read is there.
     *
     * @throws ConnectorException only when nothing can have been brought back
     */
    static Answer ask(Connector connector, StreamMapping stream, Query query, List<Sendable> batch, Instant now)
            throws ConnectorException {
        var answer = new Answer(new HashMap<>(), new HashMap<>());
        var restorer = connector.facet(Restorer.class).orElse(null);
        if (restorer == null) {
            for (var sent : batch)
                answer.outcomes.put(sent, new Outcome.Lost("it cannot bring records back after all"));
            return answer;
        }
        var ids = new LinkedHashMap<String, String>();
        for (var sent : batch) ids.put(sent.change().intent().id(), id(sent.change()));
        var byOp = new HashMap<String, WriteResult>();
        restorer.undelete(stream.stream(), ids).forEach(result -> byOp.put(result.opId(), result));
        byOp.values().forEach(result -> {
            NativeRecord told = result instanceof WriteResult.Applied applied ? applied.record() : null;
            if (told != null) answer.there.put(told.id().id(), new Lookup.Found(told));
        });
        var ask = new ArrayList<>(ids.values());
        ask.removeAll(answer.there.keySet());
        boolean read = true;
        try {
            if (!ask.isEmpty()) answer.there.putAll(connector.lookups().byId(query, ask));
        } catch (ConnectorException e) {
            read = false; // it is read later, before anything else happens
        }
        for (var sent : batch) {
            var op = sent.change().intent().id();
            var result = byOp.getOrDefault(op, new WriteResult.Ambiguous(op, "the connector gave no result"));
            answer.outcomes.put(sent, outcome(sent.change(), result, answer.there.get(id(sent.change())), read, now));
        }
        return answer;
    }

    private static Outcome outcome(OutboundChange change, WriteResult result, Lookup there, boolean read, Instant now) {
        if (there instanceof Lookup.Found) return new Outcome.Restored();
        var later = now.plus(Reply.ASK_AFTER);
        if (result instanceof WriteResult.Applied applied)
            return new Outcome.Unread(id(change), applied.version(), later);
        if (result instanceof WriteResult.NotAttempted not) return new Outcome.Again(not.why(), false);
        if (result instanceof WriteResult.Ambiguous ambiguous) {
            return new Outcome.Unknown(ambiguous.why(), later, false);
        }
        var error = ((WriteResult.Rejected) result).error();
        if (!LOST.contains(error.code())) return Reply.refused(error);
        if (!read) return new Outcome.Unknown("it may be there already", later, false);
        return new Outcome.Lost(
                change.system() + " cannot bring " + id(change) + " back: " + error.code() + ": " + error.message());
    }

    /** What the connector is said to be asked for. */
    static Map<Sendable, WriteOp> ops(Collection<Sendable> batch) {
        var ops = new LinkedHashMap<Sendable, WriteOp>();
        for (var sent : batch) {
            var intent = sent.change().intent();
            ops.put(sent, new WriteOp.Create(intent.id(), null, Map.of()));
        }
        return ops;
    }

    static String id(OutboundChange undelete) {
        return undelete.intent().into().externalId();
    }
}
