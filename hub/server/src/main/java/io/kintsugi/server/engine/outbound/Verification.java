package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.outbound.Dispatch.Sendable;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a system's present state says of writes whose outcome is not known. Pure. */
record Verification(
        StreamMapping stream, Translator translator, StreamDef description, Function<String, AttributeType> types) {
    private static final Duration PAUSE = Duration.ofSeconds(30);

    /**
     * @param answer what the system says of the record; null if nothing
     * @param asked when the system was asked, not when it answered: what arrived meanwhile is not in the answer
     */
    Outcome ofUpdate(Sendable sent, Lookup answer, Instant asked) {
        if (sent.change().intent().kind() == Intent.Kind.DELETE) return ofDelete(sent.change(), answer, asked);
        if (sent.change().intent().kind() == Intent.Kind.MERGE) return ofMerge(sent.change(), answer, asked);
        if (answer instanceof Lookup.Gone || answer instanceof Lookup.MergedInto) {
            // it may come back before the write arrives
            if (asked.isBefore(sure(sent.change()))) return late(sent.change());
            return answer instanceof Lookup.MergedInto into
                    ? elsewhere(into)
                    : new Outcome.Again("the record is gone", false);
        }
        var seen = answer instanceof Lookup.Found found ? read(found.record()) : null;
        if (seen == null || sent.target() == null) {
            return new Outcome.Unknown(
                    "the record cannot be read to see whether the write arrived", asked.plus(PAUSE), true);
        }
        var intent = sent.change().intent();
        if (intent.arrived() != null) return confirmed(intent, seen);
        var images = translator.images(intent.values(), description);
        var arrival = Outbound.arrival(sent.target(), intent, images, seen, types);
        if (arrival == Outbound.Arrival.ARRIVED)
            return new Outcome.Done(seen.key().externalId(), seen, true);
        if (asked.isBefore(sure(sent.change()))) return late(sent.change());
        return arrival == Outbound.Arrival.MISSING
                ? new Outcome.Again("the write did not arrive", false)
                : new Outcome.Done(seen.key().externalId(), seen, false);
    }

    /** Not there and not visible is what was asked for; a system that keeps no traces says no more than that. */
    private static Outcome elsewhere(Lookup.MergedInto into) {
        return new Outcome.Again("the record was merged into " + into.survivor().id(), false);
    }

    /** Where the record went is read before this is asked, so what went elsewhere is not taken for merged by the hub. */
    private Outcome ofMerge(OutboundChange merge, Lookup answer, Instant asked) {
        if (answer == null || answer instanceof Lookup.Unknown) {
            return new Outcome.Unknown("the system cannot be asked for the record", asked.plus(PAUSE), true);
        }
        if (!(answer instanceof Lookup.Found)) return new Outcome.Folded();
        return asked.isBefore(sure(merge)) ? late(merge) : new Outcome.Again("the merge did not arrive", false);
    }

    /** Whatever became of it: only what is there has come back. */
    Outcome ofUndelete(OutboundChange undelete, Lookup answer, Instant asked) {
        if (answer instanceof Lookup.Found) return new Outcome.Restored();
        if (answer == null) {
            return new Outcome.Unknown("the system cannot be asked for the record", asked.plus(PAUSE), true);
        }
        return asked.isBefore(sure(undelete))
                ? late(undelete)
                : new Outcome.Again("the undelete did not arrive", false);
    }

    private Outcome ofDelete(OutboundChange delete, Lookup answer, Instant asked) {
        if (answer == null) {
            return new Outcome.Unknown("the system cannot be asked for the record", asked.plus(PAUSE), true);
        }
        if (answer instanceof Lookup.MergedInto into) return elsewhere(into);
        if (!(answer instanceof Lookup.Found)) return new Outcome.Deleted();
        return asked.isBefore(sure(delete)) ? late(delete) : new Outcome.Again("the delete did not arrive", false);
    }

    /** A write that the system confirmed: what the record holds is its image, unless somebody has changed the record since. */
    private static Outcome confirmed(Intent intent, Observation seen) {
        boolean untouched = !intent.arrived().isEmpty() && intent.arrived().equals(seen.version());
        return new Outcome.Done(seen.key().externalId(), seen, untouched);
    }

    /**
     * From then on a write cannot arrive any more that has not arrived: it was sent while its lease allowed an answer, and a system does not
     * work longer on what nobody waits for.
     */
    private Instant sure(OutboundChange change) {
        var lag = description == null
                ? Duration.ZERO
                : description.can().reading().visibilityLag();
        var given = Dispatch.LEASE.plus(Dispatcher.DEADLINE).plus(lag);
        return change.intent().sentAt().plus(given);
    }

    /** What was sent is not forgotten while it may still arrive: it would be taken for a person's edit. */
    private Outcome late(OutboundChange change) {
        return new Outcome.Unknown("waits until a late write would have arrived", sure(change), false);
    }

    /** Of a create whose record its system has named: whatever became of that, it is not made again. */
    Outcome ofMade(OutboundChange create, Lookup answer, Instant asked) {
        var seen = answer instanceof Lookup.Found found ? read(found.record()) : null;
        if (seen != null) return confirmed(create.intent(), seen);
        if (asked.isBefore(sure(create))) return late(create);
        var why = "it made " + create.intent().made() + ", which cannot be read; look for it in " + create.system()
                + ", then retry";
        return new Outcome.Unknown(why, asked.plus(PAUSE), true);
    }

    /**
     * @param found records that carry the key of the create, or, where creates have none, hold its {@linkplain #naturalKey natural
     *     key} and were not there before
     */
    Outcome ofCreate(OutboundChange create, List<NativeRecord> found, Instant asked) {
        if (stream.linkKeyField() == null && description == null) {
            return new Outcome.Unknown(
                    "the system has not said by what a record can be found", asked.plus(PAUSE), false);
        }
        if (stream.linkKeyField() == null && naturalKey(create).isEmpty()) {
            return new Outcome.Untraceable(
                    "it is not known whether the record was created, and the stream has no link key field to look it up; "
                            + "look for it in " + create.system() + ", then retry");
        }
        if (!found.isEmpty()) {
            var record = likest(create, found);
            var seen = read(record);
            if (seen != null && create.intent().arrived() != null) return confirmed(create.intent(), seen);
            return new Outcome.Done(record.id().id(), seen, false); // somebody may have edited it since
        }
        return asked.isBefore(sure(create)) ? late(create) : new Outcome.Again("the create did not arrive", false);
    }

    /** The record that holds most of what was sent, of equals the first. */
    private NativeRecord likest(OutboundChange create, List<NativeRecord> found) {
        return found.stream()
                .max(Comparator.comparingLong(record -> {
                    var seen = read(record);
                    return seen == null
                            ? -1
                            : create.intent().values().entrySet().stream()
                                    .filter(sent -> sent.getValue()
                                            .equals(seen.attributes().get(sent.getKey())))
                                    .count();
                }))
                .orElseThrow();
    }

    /**
     * A field and value by which a record that was created without a key can be found again: one that identifies, and that the
     * system can look up. Empty if there is none.
     */
    Optional<NaturalKey> naturalKey(OutboundChange create) {
        if (description == null) return Optional.empty();
        for (var field : stream.fields()) {
            var type = types.apply(field.attribute());
            var value = create.intent().values().get(field.attribute());
            if (!Outbound.identifies(type) || value == null || value.isEmpty() || !field.writable()) continue;
            boolean key = description.fields().stream()
                    .anyMatch(def -> def.name().equals(field.field()) && def.usableAsKey());
            if (key) return Optional.of(new NaturalKey(field.field(), value));
        }
        return Optional.empty();
    }

    /**
     * Whether a record may be what a create without a key made. One that is known is not: it would have been taken for that when it was
     * first read.
     *
     * @param known what the hub knows of the record; null for nothing
     */
    boolean mayBe(OutboundChange create, NativeRecord record, SourceRecord known) {
        if (known != null) return false;
        var seen = read(record);
        return seen != null && Outbound.mayHaveMade(create.intent(), seen, types);
    }

    record NaturalKey(String field, String value) {}

    private Observation read(NativeRecord record) {
        try {
            return translator.read(record);
        } catch (Translator.Unmappable e) {
            return null;
        }
    }
}
