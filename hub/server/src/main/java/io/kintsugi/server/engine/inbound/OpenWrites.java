package io.kintsugi.server.engine.inbound;

import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes without an answer that what is read of records may show the effect of.
 *
 * @param updates by record
 * @param deletes records that are being deleted
 * @param merges by record that is being merged into another
 * @param creates by key, of all records of the systems concerned
 */
record OpenWrites(
        Map<RecordKey, Intent> updates,
        Set<RecordKey> deletes,
        Map<RecordKey, Intent> merges,
        SortedMap<String, OutboundChange> creates) {
    static OpenWrites read(HubTransaction tx, Collection<RecordKey> keys) {
        var writes = new OpenWrites(new HashMap<>(), new HashSet<>(), new HashMap<>(), new TreeMap<>());
        for (var change : tx.outbox().openFor(keys)) {
            switch (change.intent().kind()) {
                case UPDATE -> writes.updates.put(change.target(), change.intent());
                case DELETE -> writes.deletes.add(change.target());
                case MERGE -> writes.merges.put(change.target(), change.intent());
                case CREATE -> writes.creates.put(change.key(), change);
                case UNDELETE -> {} // read again before anything is decided
            }
        }
        return writes;
    }

    /** Where records go that are being merged into others. */
    Map<RecordKey, RecordKey> folding() {
        var folding = new HashMap<RecordKey, RecordKey>();
        merges.forEach((loser, intent) -> folding.put(loser, intent.into()));
        return folding;
    }
}
