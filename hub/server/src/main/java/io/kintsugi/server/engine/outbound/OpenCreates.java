package io.kintsugi.server.engine.outbound;

import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Outbound;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Creates of one system whose outcome is not known yet. Of two golden records with the same identifying value only one is created at a
 * time (R7): what became of the first, and what the system made of it, is known and matched before the second is decided. The
 * durable intents are the lock, so it survives a crash, and no more than one thread sends to one system.
 */
final class OpenCreates {
    private final Function<String, Function<String, AttributeType>> types;
    private final Map<Key, Holder> holders = new HashMap<>();

    private OpenCreates(Function<String, Function<String, AttributeType>> types) {
        this.types = types;
    }

    private record Key(String entityType, String attribute, String value) {}

    private record Holder(String goldenId, boolean now) {}

    /** @param soon whether the other one is sent in this very batch, so that it is probably done right after it */
    record Wait(String why, boolean soon) {}

    /** @param types of the attributes of an entity type */
    static OpenCreates read(HubTransaction tx, String system, Function<String, Function<String, AttributeType>> types) {
        var open = new OpenCreates(types);
        tx.outbox().openCreates(system).forEach(change -> open.hold(change, false));
        return open;
    }

    /** Counts a create among those that are open; anything else is none. */
    void sends(OutboundChange change) {
        hold(change, true);
    }

    private void hold(OutboundChange change, boolean now) {
        for (var key : keys(change)) holders.put(key, new Holder(change.goldenId(), now));
    }

    /** What a create has to wait for; empty if it has not. */
    Optional<Wait> before(OutboundChange create) {
        for (var key : keys(create)) {
            var other = holders.get(key);
            if (other != null && !other.goldenId().equals(create.goldenId())) {
                var why = "waits until the create for golden record " + other.goldenId()
                        + " is known to have arrived, which has the same " + key.attribute();
                return Optional.of(new Wait(why, other.now()));
            }
        }
        return Optional.empty();
    }

    private Set<Key> keys(OutboundChange change) {
        var keys = new HashSet<Key>();
        if (!change.intent().kind().adds()) return keys;
        var type = types.apply(change.entityType());
        change.intent().values().forEach((attribute, value) -> {
            if (Outbound.identifies(type.apply(attribute)) && !value.isBlank()) {
                keys.add(new Key(change.entityType(), attribute, value.strip().toLowerCase(Locale.ROOT)));
            }
        });
        return keys;
    }
}
