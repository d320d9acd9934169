package io.kintsugi.server.engine.inbound;

import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.engine.inbound.Intake.Batch;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Creates without an answer, of which a record that is read may be what they made. */
final class LostCreates {
    private LostCreates() {}

    /** Intent of the open create that may have made a record which carries no key; null if there is none. */
    static String of(
            Observation seen, Collection<OutboundChange> creates, Batch batch, Function<String, AttributeType> types) {
        return creates.stream()
                .filter(create -> create.entityType().equals(batch.entityType()))
                .filter(create -> Outbound.mayHaveMade(create.intent(), seen, types))
                .map(create -> create.intent().id())
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Locks creates and gives those that are still open, by the id of their intent. */
    static Map<String, OutboundChange> locked(HubTransaction tx, SortedMap<String, OutboundChange> creates) {
        var own = new HashMap<String, OutboundChange>();
        if (creates.isEmpty()) return own;
        tx.outbox().lock(new TreeSet<>(creates.keySet())).forEach((key, change) -> {
            var id = creates.get(key).intent().id();
            if (change.open() && change.intent().id().equals(id)) own.put(id, change);
        });
        return own;
    }
    /** Open creates that may have made a record of which the hub is told only now, that it was merged into another. */
    static List<OutboundChange> ofUnread(Batch batch, Set<RecordKey> known, Collection<OutboundChange> creates) {
        if (known.containsAll(batch.merged().keySet())) return List.of();
        return creates.stream()
                .filter(create -> create.entityType().equals(batch.entityType()))
                .filter(create -> create.intent().made() == null) // it is another one
                .toList();
    }
}
