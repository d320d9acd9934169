package io.kintsugi.core.sync;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** A record while a write that arrived is entered in it, attribute by attribute; {@link Outbound#confirm} tells what holds then. */
final class Confirmation {
    static final String UNDECIDED = "neither what was there nor what was sent";

    private final SourceRecord target;
    private final Intent intent;
    private final Absorb.Observation readBack;
    private final boolean proven;
    private final Function<String, AttributeType> type;
    private final Instant now;
    private final Map<String, String> read;
    private final Map<String, String> values;
    private final Map<String, AttributeState> states;

    /** @param target what was held before; null after a create */
    Confirmation(
            SourceRecord target,
            Intent intent,
            Absorb.Observation readBack,
            boolean proven,
            Function<String, AttributeType> type,
            Instant now) {
        this.target = target;
        this.intent = intent;
        this.readBack = readBack;
        this.proven = proven;
        this.type = type;
        this.now = now;
        read = readBack == null ? Map.of() : readBack.attributes();
        values = new HashMap<>(target == null ? Map.of() : target.attributes());
        states = new HashMap<>(target == null ? Map.of() : target.states());
    }

    SourceRecord record(RecordKey key, String stream, Map<String, Instant> sourceAt) {
        intent.values().forEach((attribute, sent) -> enterSent(attribute, sent, sourceAt.get(attribute)));
        boolean foreign = enterRead();
        if (target == null && !isSurelyMade()) {
            states.replaceAll((attribute, state) -> state.undecided() ? state : state.joined(values.get(attribute)));
        }
        var told = readBack == null || readBack.sourceAt() == null ? null : changedAt();
        var stamp = target == null ? told : Absorb.later(target.sourceAt(), told);
        if (target != null) Absorb.keepTimes(target, stamp, states);
        return new SourceRecord(
                key,
                stream,
                target == null ? RecordState.LIVE : target.state(), // gone meanwhile is gone
                values,
                states,
                stamp,
                foreign || target == null ? now : target.observedAt(),
                readBack != null ? readBack.version() : target == null ? null : target.version(),
                ContentHash.of(values));
    }

    /** Whether no person can have entered what a create is taken to have made: it was answered, or holds what was sent and nothing else. */
    private boolean isSurelyMade() {
        return proven
                || intent.made() != null
                || states.values().stream().allMatch(state -> state.copied() && !state.undecided());
    }

    /** @param originalAt when the value was entered in the system it comes from; null if nobody knows */
    private void enterSent(String attribute, String sent, Instant originalAt) {
        var held = read.getOrDefault(attribute, sent);
        var kind = type.apply(attribute);
        boolean image = Equivalence.same(kind, sent, held)
                || kind != AttributeType.REFERENCE && (proven || Equivalence.looksLikeImage(kind, sent, held));
        long version = intent.versions().getOrDefault(attribute, 0L);
        var said = target == null || !held.equals(values.get(attribute)) ? null : target.entered(attribute);
        if (said != null && Equivalence.same(kind, sent, held)) { // people merged it into this record meanwhile
            states.put(attribute, AttributeState.original(said.changedAt(), version));
            return;
        }
        if (said != null && !image) { // the write did not arrive, or a person has put it back
            states.put(attribute, said.withHold(UNDECIDED));
            return;
        }
        var form = kind == AttributeType.REFERENCE ? null : held;
        var hold = image ? null : UNDECIDED;
        Absorb.put(
                states,
                attribute,
                target == null
                        ? AttributeState.created(sent, form, originalAt, version, image, hold)
                        : AttributeState.written(
                                sent,
                                form,
                                originalAt,
                                version,
                                image,
                                states.get(attribute),
                                values.get(attribute),
                                target.sourceAt(),
                                hold));
        values.put(attribute, held);
    }

    /** Takes in what was read beside what was sent; whether people had changed something there. */
    private boolean enterRead() {
        boolean foreign = false;
        for (var entry : read.entrySet()) {
            var attribute = entry.getKey();
            if (entry.getValue().equals(values.get(attribute))
                    || intent.values().containsKey(attribute)) continue;
            values.put(attribute, entry.getValue());
            if (target == null) {
                // what the system itself fills in is younger than nothing; what a person did meanwhile is not
                if (entry.getValue().isEmpty()) continue;
                states.put(attribute, AttributeState.original(proven ? null : changedAt(), 0));
                continue;
            }
            foreign = true;
            var state = states.get(attribute);
            states.put(attribute, AttributeState.original(changedAt(), state == null ? 0 : state.base()));
        }
        return foreign;
    }

    private Instant changedAt() {
        return readBack.sourceAt() == null || readBack.sourceAt().isAfter(now) ? now : readBack.sourceAt();
    }
}
