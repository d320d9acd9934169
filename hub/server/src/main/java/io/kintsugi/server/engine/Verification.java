package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.Dispatch.Sendable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** What a system's present state says of writes whose outcome is not known. Pure. */
record Verification(
        StreamMapping stream, Translator translator, StreamDef description, Function<String, AttributeType> types) {
    private static final Duration PAUSE = Duration.ofSeconds(30);

    /** @param answer what the system says of the record; null if nothing */
    Outcome ofUpdate(Sendable sent, Lookup answer, Instant now) {
        if (answer instanceof Lookup.Gone) return new Outcome.Again("the record is gone", false);
        var seen = answer instanceof Lookup.Found found ? read(found.record()) : null;
        if (seen == null || sent.target() == null) {
            return new Outcome.Unknown(
                    "the record cannot be read to see whether the write arrived", now.plus(PAUSE), true);
        }
        var intent = sent.change().intent();
        var images = translator.images(intent.values(), description);
        return switch (Outbound.arrival(sent.target(), intent, images, seen, types)) {
            case ARRIVED -> new Outcome.Done(seen.key().externalId(), seen, true);
            case MISSING -> new Outcome.Again("the write did not arrive", false);
            case UNCLEAR -> new Outcome.Done(seen.key().externalId(), seen, false);
        };
    }

    /** @param found records that carry the key of the create */
    Outcome ofCreate(OutboundChange create, List<NativeRecord> found, Instant now) {
        if (stream.linkKeyField() == null) {
            return new Outcome.Stuck(
                    "it is not known whether the record was created, and the stream has no link key field to look it up; "
                            + "look for it in " + create.system() + ", then retry");
        }
        if (!found.isEmpty()) {
            var record = found.get(0);
            return new Outcome.Done(record.id().id(), read(record), false); // somebody may have edited it since
        }
        var lag = description == null
                ? Duration.ZERO
                : description.can().reading().visibilityLag();
        var sure = create.intent().sentAt().plus(Dispatcher.DEADLINE).plus(lag);
        return now.isBefore(sure) // a late original may still arrive
                ? new Outcome.Unknown("waits until a late create would have arrived", sure, false)
                : new Outcome.Again("the create did not arrive", false);
    }

    private Observation read(NativeRecord record) {
        try {
            return translator.read(record);
        } catch (Translator.Unmappable e) {
            return null;
        }
    }
}
