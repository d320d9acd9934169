package io.kintsugi.server.engine;

import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.core.sync.Outbound;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A record that the hub created becomes a member of the golden it was created for, whatever the match rules think of it. */
final class Adoption {
    private Adoption() {}

    /**
     * Stores the record, links it to the golden and settles the create. A second call for the same create finds it settled and is
     * never made; a record that is known already (it was read before the reply came) is taken over as it is.
     *
     * @param create with its intent
     * @param seen the record as the system holds it
     */
    static SourceRecord adopt(
            HubTransaction tx,
            OutboundChange create,
            Observation seen,
            boolean proven,
            Function<String, AttributeType> types,
            Instant now) {
        var goldenId = tx.goldens().currentId(create.goldenId());
        var golden = tx.goldens().find(List.of(goldenId)).get(goldenId);
        var record = Outbound.confirm(
                null, seen.key(), seen.stream(), create.intent(), seen, proven, sourceTimes(golden), types, now);
        tx.records().save(List.of(record));
        partner(tx, goldenId, record).ifPresent(partner -> tx.links().save(List.of(link(record, partner, now))));
        tx.records().markPending(Set.of(record.key()));
        tx.outbox().save(List.of(settled(create, record, now)));
        return record;
    }

    private static Optional<SourceRecord> partner(HubTransaction tx, String goldenId, SourceRecord record) {
        return tx.goldens().members(List.of(goldenId)).getOrDefault(goldenId, List.of()).stream()
                .map(member -> member.record())
                .filter(member ->
                        member.state() == RecordState.LIVE && !member.key().equals(record.key()))
                .findFirst();
    }

    private static Link link(SourceRecord record, SourceRecord partner, Instant now) {
        boolean ordered = record.key().compareTo(partner.key()) < 0;
        return new Link(
                ordered ? record.key() : partner.key(),
                ordered ? partner.key() : record.key(),
                Origin.SOURCE,
                Decision.MATCH,
                LinkState.ACTIVE,
                0,
                List.of(),
                null,
                "created by the hub",
                now);
    }

    private static OutboundChange settled(OutboundChange create, SourceRecord record, Instant now) {
        return new OutboundChange(
                create.key(),
                create.goldenId(),
                create.system(),
                create.entityType(),
                record.key(),
                OutboundState.SETTLED,
                false,
                create.markedAt(),
                now,
                0,
                null,
                create.intent(),
                null,
                now);
    }

    /** Source times of the golden's values, for the copies that are written of them. */
    static Map<String, Instant> sourceTimes(GoldenRecord golden) {
        var times = new HashMap<String, Instant>();
        if (golden != null) golden.values().forEach((attribute, value) -> times.put(attribute, value.sourceAt()));
        return times;
    }
}
