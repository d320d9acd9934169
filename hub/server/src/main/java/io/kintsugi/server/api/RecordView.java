package io.kintsugi.server.api;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Goldens.Member;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A source record and the golden it belongs to. */
record RecordView(
        RecordKey key,
        String system,
        String type,
        String externalId,
        String stream,
        RecordState state,
        Map<String, String> attributes,
        Map<String, AttributeState> states,
        Instant sourceAt,
        Instant observedAt,
        String version,
        String goldenId,
        Instant since,
        Origin origin,
        List<String> contributes) {
    static RecordView of(Member member) {
        return of(member.record(), member.membership());
    }

    /** @param membership null if it belongs to no golden */
    static RecordView of(SourceRecord record, Membership membership) {
        var key = record.key();
        return new RecordView(
                key,
                key.system(),
                key.entityType(),
                key.externalId(),
                record.stream(),
                record.state(),
                record.attributes(),
                record.states(),
                record.sourceAt(),
                record.observedAt(),
                record.version(),
                membership == null ? null : membership.goldenId(),
                membership == null ? null : membership.since(),
                membership == null ? null : membership.origin(),
                membership == null
                        ? List.of()
                        : membership.contributes().stream().sorted().toList());
    }
}
