package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.connector.Translator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Step 13: records what is known after a write. The same result twice has the effect of one, because an intent that is no longer open
 * is left alone.
 */
final class Settlement {
    private static final int MAX_ATTEMPTS = 8;
    private final LiveModel model;

    Settlement(LiveModel model) {
        this.model = model;
    }

    /** What became of a change, for the caller's next step. */
    enum Next {
        DONE,
        /** Somebody changed the record meanwhile: read it before trying again. */
        REREAD
    }

    /**
     * @param readBack what the system was read to hold after a write whose reply did not say; null if it was not read
     */
    Next record(
            HubTransaction tx,
            OutboundChange sent,
            String stream,
            WriteResult result,
            NativeRecord readBack,
            Translator translator,
            Instant now) {
        if (sent.target() != null) tx.records().lock(new TreeSet<>(Set.of(sent.target()))); // records before the outbox
        var change = tx.outbox().lock(new TreeSet<>(Set.of(sent.key()))).get(sent.key());
        if (change == null
                || !change.open()
                || !change.intent().id().equals(sent.intent().id())) return Next.DONE;
        if (result instanceof WriteResult.Applied applied) {
            boolean told = applied.record() != null;
            var held = told ? applied.record() : readBack;
            // a record read back is the state our write left only if nobody has written since
            boolean proven = told
                    || held != null && held.version() != null && held.version().equals(applied.version());
            applied(tx, change, stream, applied.id(), observation(held, translator, stream), proven, now);
            return Next.DONE;
        }
        if (result instanceof WriteResult.Rejected rejected) return rejected(tx, change, rejected.error(), now);
        if (result instanceof WriteResult.Ambiguous ambiguous) {
            save(
                    tx,
                    change,
                    OutboundState.VERIFYING,
                    now,
                    now.plus(Duration.ofSeconds(2)),
                    change.attempts(),
                    ambiguous.why());
            return Next.DONE;
        }
        var why = ((WriteResult.NotAttempted) result).why();
        save(tx, change, OutboundState.DUE, now, now.plus(backOff(change.attempts())), change.attempts() + 1, why);
        return Next.DONE;
    }

    private static Observation observation(NativeRecord held, Translator translator, String stream) {
        if (held == null) return null;
        try {
            var seen = translator.read(held);
            return new Observation(seen.key(), stream, seen.attributes(), seen.sourceAt(), held.version());
        } catch (Translator.Unmappable e) {
            return null; // written, but what came back cannot be read: the next poll parks it where a person sees it
        }
    }

    /** The system confirmed; {@code seen} is the record as it holds it now, or null if it did not say. */
    void applied(
            HubTransaction tx,
            OutboundChange change,
            String stream,
            String externalId,
            Observation seen,
            boolean proven,
            Instant now) {
        var types = model.rules(change.entityType()).attributeTypes();
        if (change.intent().kind() == Intent.Kind.CREATE) {
            var key = new RecordKey(change.system(), change.entityType(), externalId);
            var held = seen != null
                    ? seen
                    : new Observation(key, stream, change.intent().values(), null, null);
            Adoption.adopt(tx, change, held, proven, types, now);
            return;
        }
        var target = tx.records().lock(new TreeSet<>(Set.of(change.target()))).get(change.target());
        var goldenId = tx.goldens().currentId(change.goldenId());
        var golden = tx.goldens().find(List.of(goldenId)).get(goldenId);
        SourceRecord record = Outbound.confirm(
                target,
                change.target(),
                stream,
                change.intent(),
                seen,
                proven,
                Adoption.sourceTimes(golden),
                types,
                now);
        tx.records().save(List.of(record));
        tx.records().markPending(Set.of(record.key()));
        save(tx, change, change.dirty() ? OutboundState.DUE : OutboundState.SETTLED, now, now, 0, null);
    }

    private Next rejected(HubTransaction tx, OutboundChange change, RecordError error, Instant now) {
        var problem = error.code() + (error.field() == null ? "" : " " + error.field()) + ": " + error.message();
        int attempts = change.attempts() + 1;
        var again = now.plus(backOff(change.attempts()));
        switch (error.code()) {
            case VERSION_CONFLICT, NOT_FOUND, DELETED, MERGED_AWAY -> {
                boolean give = attempts > MAX_ATTEMPTS;
                save(tx, change, give ? OutboundState.PARKED : OutboundState.DUE, now, again, attempts, problem);
                return Next.REREAD;
            }
            default -> {
                boolean retry = error.retryable() && attempts <= MAX_ATTEMPTS;
                save(tx, change, retry ? OutboundState.DUE : OutboundState.PARKED, now, again, attempts, problem);
                return Next.DONE;
            }
        }
    }

    /** The whole call failed before anything could be applied: everything in it is due again. */
    void notSent(HubTransaction tx, OutboundChange sent, String problem, Instant now) {
        var change = tx.outbox().lock(new TreeSet<>(Set.of(sent.key()))).get(sent.key());
        if (change == null
                || !change.open()
                || !change.intent().id().equals(sent.intent().id())) return;
        save(tx, change, OutboundState.DUE, now, now.plus(backOff(change.attempts())), change.attempts() + 1, problem);
    }

    void park(HubTransaction tx, OutboundChange change, String problem, Instant now) {
        save(tx, change, OutboundState.PARKED, now, now, change.attempts() + 1, problem);
    }

    void again(HubTransaction tx, OutboundChange change, String problem, Instant now, Instant dueAt) {
        save(tx, change, OutboundState.DUE, now, dueAt, change.attempts() + 1, problem);
    }

    void stillUnknown(HubTransaction tx, OutboundChange change, String problem, Instant now, Instant dueAt) {
        save(tx, change, OutboundState.VERIFYING, now, dueAt, change.attempts(), problem);
    }

    private static void save(
            HubTransaction tx,
            OutboundChange change,
            OutboundState state,
            Instant now,
            Instant dueAt,
            int attempts,
            String problem) {
        tx.outbox()
                .save(List.of(new OutboundChange(
                        change.key(),
                        change.goldenId(),
                        change.system(),
                        change.entityType(),
                        change.target(),
                        state,
                        state == OutboundState.VERIFYING && change.dirty(),
                        change.markedAt(),
                        dueAt,
                        attempts,
                        state == OutboundState.VERIFYING ? dueAt : null,
                        change.intent(),
                        problem,
                        now)));
    }

    /** One second, doubled with each failure, at most five minutes. */
    static Duration backOff(int attempts) {
        return Duration.ofSeconds(Math.min(300, 1L << Math.min(attempts, 9)));
    }
}
