package io.kintsugi.server.engine.dryrun;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.dryrun.DryReport.Stream;
import io.kintsugi.server.engine.inbound.Intake;
import java.util.ArrayList;
import java.util.HashSet;

/** What a stream that was read holds, as the copy of a hub has resolved it and before anything is sent. */
record DryProfile(String system, StreamMapping stream, Intake.Counts counts) {
    private static final int PAGE = 500;

    Stream of(HubStore copy) {
        var seen = new HashSet<String>();
        long[] blank = {0};
        long[] twins = {0};
        long[] linked = {0};
        long[] alone = {0};
        String cursor = null;
        do {
            var from = cursor;
            cursor = copy.read(tx -> {
                var page = tx.records().list(system, stream.entityType(), from, PAGE);
                var live = new ArrayList<RecordKey>();
                for (var record : page.items()) {
                    if (!record.stream().equals(stream.stream())) continue;
                    if (record.state() == RecordState.UNKEYED) blank[0]++;
                    if (record.state() == RecordState.LIVE) live.add(record.key());
                }
                var goldens = tx.goldens().goldenOf(live);
                var members = tx.goldens().members(new HashSet<>(goldens.values()));
                for (var golden : goldens.values()) {
                    boolean first = seen.add(golden);
                    boolean others = members.get(golden).stream()
                            .anyMatch(member -> !member.record().key().system().equals(system)
                                    && !member.record().state().gone());
                    if (!first) twins[0]++;
                    if (others) linked[0]++;
                    else alone[0]++;
                }
                return page.next();
            });
        } while (cursor != null);
        return new Stream(
                system,
                stream.stream(),
                stream.entityType(),
                counts.read(),
                counts.unmappable(),
                blank[0],
                twins[0],
                linked[0],
                alone[0]);
    }
}
