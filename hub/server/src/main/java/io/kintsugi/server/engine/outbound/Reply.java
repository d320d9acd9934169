package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.server.connector.Translator;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a connector answered to one write.
 *
 * @param results by op
 * @param readBack records that were read because the answer did not tell them, by op
 */
record Reply(Translator translator, Map<String, WriteResult> results, Map<String, NativeRecord> readBack) {
    /** How long to wait before a system is asked what became of a write of which it did not say so. */
    static final Duration ASK_AFTER = Duration.ofSeconds(2);

    /** @param byOp what was answered; what it does not tell of written records is read */
    static Reply of(Dispatcher.Outlet outlet, StreamMapping stream, Map<String, WriteResult> byOp) {
        return new Reply(outlet.translator(stream), byOp, readBack(outlet, stream, byOp.values()));
    }

    /** Reads records whose write was confirmed without saying what is stored now: the confirmed base of later comparisons. */
    private static Map<String, NativeRecord> readBack(
            Dispatcher.Outlet outlet, StreamMapping stream, Collection<WriteResult> results) {
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

    /** What became of a delete. */
    Outcome ofDelete(String op, Instant now) {
        var result = results.get(op);
        if (result instanceof WriteResult.Applied) return new Outcome.Deleted();
        if (result instanceof WriteResult.Rejected rejected && (rejected.error().code() == RecordError.Code.DELETED))
            return new Outcome.Deleted();
        return outcome(op, now);
    }

    /** Of a delete that makes its record one with another. */
    Outcome ofFold(String op, Instant now) {
        var outcome = ofDelete(op, now);
        return outcome instanceof Outcome.Deleted ? new Outcome.Folded() : outcome;
    }

    /** Of a write of values: one that is refused does not hold up the others. */
    Outcome ofValues(Intent intent, Instant now) {
        var outcome = outcome(intent.id(), now);
        if (!(outcome instanceof Outcome.Stuck stuck)) return outcome;
        var error = ((WriteResult.Rejected) results.get(intent.id())).error();
        var refused = new TreeMap<String, String>();
        translator.writtenTo(error.field()).stream()
                .filter(intent.values()::containsKey)
                .forEach(attribute -> refused.put(attribute, stuck.why()));
        return refused.isEmpty() ? outcome : new Outcome.HeldBack(refused);
    }

    Outcome outcome(String op, Instant now) {
        var result = results.getOrDefault(op, new WriteResult.Ambiguous(op, "the connector gave no result"));
        if (result instanceof WriteResult.Applied applied) return done(applied, now);
        if (result instanceof WriteResult.Rejected rejected) return refused(rejected.error());
        if (result instanceof WriteResult.Ambiguous ambiguous) {
            return new Outcome.Unknown(ambiguous.why(), now.plus(Duration.ofSeconds(2)), false);
        }
        var why = ((WriteResult.NotAttempted) result).why();
        return someRefused() ? new Outcome.Untried(why) : new Outcome.Again(why, false);
    }

    /** A refusal that undid its batch is no attempt of the others: it will not be in the way again. */
    private boolean someRefused() {
        return results.values().stream()
                .anyMatch(result -> result instanceof WriteResult.Rejected r
                        && refused(r.error()).rests());
    }

    private Outcome done(WriteResult.Applied applied, Instant now) {
        var told = applied.record();
        var held = told != null ? told : readBack.get(applied.opId());
        if (held == null) return new Outcome.Unread(applied.id(), applied.version(), now.plus(ASK_AFTER));
        // a record read back is what the write left if its version says so; without versions somebody may have been
        // faster
        boolean proven =
                told != null || applied.version() != null && applied.version().equals(held.version());
        return new Outcome.Done(applied.id(), observation(held), proven);
    }

    private Observation observation(NativeRecord held) {
        if (held == null) return null;
        try {
            return translator.read(held);
        } catch (Translator.Unmappable e) {
            return null; // written, but what came back cannot be read: the next poll parks it where a person sees it
        }
    }

    /** What a refusal means for the change that was refused. */
    static Outcome refused(RecordError error) {
        var problem = error.code() + (error.field() == null ? "" : " " + error.field()) + ": " + error.message();
        return switch (error.code()) {
            case VERSION_CONFLICT, NOT_FOUND, DELETED, MERGED_AWAY -> new Outcome.Again(problem, true);
            case DUPLICATE ->
                error.existingIds().isEmpty()
                        ? new Outcome.Stuck(problem)
                        : new Outcome.InTheWay(problem, error.existingIds());
            case UNKNOWN_FIELD, BAD_OPTION, REQUIRED_MISSING ->
                new Outcome.Unfitting(
                        problem
                                + ". It is sent by itself once the field, its options or the mapping change; see the page Schema");
            default -> error.retryable() ? new Outcome.Again(problem, false) : new Outcome.Stuck(problem);
        };
    }
}
