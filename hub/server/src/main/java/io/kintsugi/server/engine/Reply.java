package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.server.connector.Translator;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What a connector answered to one write.
 *
 * @param results by op
 * @param readBack records that were read because the answer did not tell them, by op
 */
record Reply(Translator translator, Map<String, WriteResult> results, Map<String, NativeRecord> readBack) {
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
        if (held == null) return new Outcome.Unread(applied.version(), now.plus(Duration.ofSeconds(2)));
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
