package io.kintsugi.server.engine.inbound;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.server.engine.inbound.Intake.Batch;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Tells merges that the hub itself had asked a system for from those that people made there. */
final class OwnMerges {
    private OwnMerges() {}

    /**
     * Which of the merges that a system tells are the hub's own.
     *
     * @param folding records that the hub is merging into others
     * @return where they went
     */
    static Map<RecordKey, RecordKey> folds(
            Batch batch, Map<RecordKey, SourceRecord> records, Map<RecordKey, RecordKey> folding) {
        var folds = new TreeMap<RecordKey, RecordKey>();
        var known = new HashSet<>(records.keySet());
        batch.observations().forEach(seen -> known.add(seen.key()));
        batch.merged().forEach((loser, merged) -> {
            var into = folding.get(loser);
            var record = records.get(loser);
            if (into == null || record == null || record.state() != RecordState.LIVE) return;
            if (!known.contains(merged.survivor())) return;
            var further = batch.merged().get(into); // where a merge makes a new record, both are in it
            boolean ours = merged.survivor().equals(into)
                    || further != null && merged.survivor().equals(further.survivor());
            if (ours) folds.put(loser, merged.survivor());
        });
        return folds;
    }

    /** Records that go on as a new one which the system made of them and of one that the hub merged into them. */
    static Map<RecordKey, RecordKey> continued(
            Map<RecordKey, RecordKey> folds, Map<RecordKey, SourceRecord> records, Map<RecordKey, RecordKey> folding) {
        var continued = new TreeMap<RecordKey, RecordKey>();
        folds.forEach((loser, survivor) -> {
            var into = folding.get(loser);
            var record = records.get(into);
            if (!survivor.equals(into) && record != null && record.state() == RecordState.LIVE) {
                continued.put(into, survivor);
            }
        });
        return continued;
    }

    /** Of a survivor that is gone and was never read nothing is left, so the records that went into it are as gone as it. */
    static List<RecordKey> goneWithUnread(Batch batch, Set<RecordKey> known) {
        var unread = new HashSet<>(batch.deleted());
        unread.removeAll(known);
        batch.observations().forEach(seen -> unread.remove(seen.key()));
        return batch.merged().entrySet().stream()
                .filter(merged -> unread.contains(merged.getValue().survivor()))
                .map(Map.Entry::getKey)
                .toList();
    }
}
