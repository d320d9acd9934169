package io.kintsugi.server.engine.inbound;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Absorb.Observation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/**
 * Records of which the hub is told that they are gone before it has read them, though their system has named them as what creates made: as
 * those were sent. Taken in first, they are members of their golden records when it is decided what follows from their end.
 */
final class MadeUnread {
    private MadeUnread() {}

    /** @return without observations if there are none */
    static Intake.Batch of(HubTransaction tx, Intake.Batch batch) {
        var observations = new ArrayList<Observation>();
        var linkKeys = new HashMap<RecordKey, String>();
        var gone = new HashSet<>(batch.deleted());
        gone.addAll(batch.merged().keySet());
        batch.observations().forEach(seen -> gone.remove(seen.key()));
        if (!gone.isEmpty()) {
            for (var create : tx.outbox().openCreates(batch.system())) {
                var intent = create.intent();
                if (intent.made() == null || !create.entityType().equals(batch.entityType())) continue;
                var key = new RecordKey(batch.system(), batch.entityType(), intent.made());
                if (!gone.contains(key)) continue;
                observations.add(new Observation(key, batch.stream(), intent.values(), intent.sentAt(), null));
                linkKeys.put(key, intent.id());
            }
        }
        tx.records()
                .find(linkKeys.keySet())
                .keySet()
                .forEach(known -> observations.removeIf(seen -> seen.key().equals(known)));
        return new Intake.Batch(
                batch.booked(),
                batch.system(),
                batch.stream(),
                batch.entityType(),
                observations,
                linkKeys,
                List.of(),
                List.of(),
                null);
    }
}
