package io.kintsugi.server.engine.shared;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Outbox.Marker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Records that lead to others of their system by what they hold now; what they led to before the hub wrote over it does not count. */
public final class Children {
    private static final Duration SOON = Duration.ofSeconds(5);

    private Children() {}

    /** @param reference by which it leads there */
    public record Child(SourceRecord record, Attribute reference) {}

    /** What a record leads to, by reference; empty if to nothing. */
    public static Map<Attribute, RecordKey> named(HubModel model, SourceRecord record) {
        var named = new HashMap<Attribute, RecordKey>();
        for (var reference : references(model, record.key().entityType())) {
            var value = record.value(reference.name());
            if (value == null || value.isBlank()) continue;
            named.put(reference, new RecordKey(record.key().system(), reference.refersTo(), value));
        }
        return named;
    }

    private static List<Attribute> references(HubModel model, String entityType) {
        return model.entityTypes().stream()
                .filter(type -> type.name().equals(entityType))
                .map(EntityType::references)
                .findFirst()
                .orElse(List.of());
    }

    /**
     * Records that lead to others which the hub deleted to merge them: there is nothing any more where they lead.
     *
     * @param parents those that records lead to, and others
     */
    public static Set<RecordKey> astray(
            HubModel model, Collection<SourceRecord> records, Function<RecordKey, SourceRecord> parents) {
        var astray = new TreeSet<RecordKey>();
        for (var record : records) {
            if (record.state() != RecordState.LIVE || !deletes(model, record)) continue;
            for (var to : named(model, record).values()) {
                var parent = parents.apply(to);
                if (parent != null && parent.state().gone() && parent.state() != RecordState.DELETED) {
                    astray.add(record.key());
                }
            }
        }
        return astray;
    }

    /** Records that are there in their systems and lead to one of these, by key. */
    public static List<Child> of(HubTransaction tx, HubModel model, Collection<RecordKey> parents) {
        var children = new ArrayList<Child>();
        var naming = tx.references().to(parents);
        if (naming.isEmpty()) return children;
        new TreeMap<>(tx.records().find(naming)).values().forEach(record -> {
            if (record.state().gone()) return;
            named(model, record).forEach((reference, to) -> {
                if (parents.contains(to)) children.add(new Child(record, reference));
            });
        });
        return children;
    }

    /**
     * Lets records be looked at again that could not be deleted because of children, once some of these lead elsewhere or are gone. Soon,
     * not at once, so that of many children that move one look is taken at most of their number.
     */
    public static void released(
            HubTransaction tx,
            HubModel model,
            Map<RecordKey, SourceRecord> before,
            Collection<SourceRecord> after,
            Instant now) {
        var left = new TreeSet<RecordKey>();
        for (var record : after) {
            var was = before.get(record.key());
            if (was == null || was.state().gone() || !deletes(model, record)) continue;
            var named = new TreeSet<>(named(model, was).values());
            if (!record.state().gone()) named.removeAll(named(model, record).values());
            left.addAll(named);
        }
        if (left.isEmpty()) return;
        var goldens = tx.goldens().goldenOf(left);
        var markers = new ArrayList<Marker>();
        var keys = left.stream().map(OutboundChange::updateKey).toList();
        for (var change : tx.outbox().find(keys).values()) {
            var golden = goldens.get(change.target());
            if (change.state() != OutboundState.HELD || golden == null) continue;
            markers.add(new Marker(
                    golden, change.system(), change.entityType(), change.target(), now.plus(SOON), Cause.REFERENCE));
        }
        tx.outbox().mark(markers);
    }

    private static boolean deletes(HubModel model, SourceRecord record) {
        var policy = Folding.policy(model, record.key().system());
        return policy.deletes() && policy.when() != Duplicates.When.KEEP;
    }
}
