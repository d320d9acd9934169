package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.outbound.Dispatch.Sendable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds what creates may have made that carry no key of their own. */
final class MadeRecords {
    private MadeRecords() {}

    /** Records that hold what identifies a create and that nobody knew before it was sent, by intent. */
    static Map<String, List<NativeRecord>> byNaturalKey(
            HubStore store,
            Dispatcher.Outlet outlet,
            StreamMapping stream,
            Verification verification,
            List<Sendable> creates)
            throws ConnectorException {
        var translator = outlet.translator(stream);
        var query = new Query(stream.stream(), translator.fields());
        var found = new HashMap<String, List<NativeRecord>>();
        for (var sent : creates) {
            var key = verification.naturalKey(sent.change()).orElse(null);
            if (key == null) continue;
            var records = outlet.connector()
                    .lookups()
                    .byKey(query, key.field(), List.of(key.value()))
                    .getOrDefault(key.value(), List.of());
            var keys = records.stream()
                    .map(record -> translator.key(record.id().id()))
                    .toList();
            var known = store.read(tx -> tx.records().find(keys));
            found.put(
                    sent.change().intent().id(),
                    records.stream()
                            .filter(record -> verification.mayBe(
                                    sent.change(),
                                    record,
                                    known.get(translator.key(record.id().id()))))
                            .toList());
        }
        return found;
    }
}
