package io.kintsugi.core.lifecycle;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a resolution changes, and what is true after it.
 *
 * @param assign memberships that are new or different
 * @param goldens goldens that are new or different
 * @param revisions history of those whose values, records or state changed
 * @param absorptions goldens that became one, by survivor
 * @param current every golden of the scope that is in use afterwards
 * @param members its live records, by golden id, sorted by key
 * @param gone its other records, deleted or without anything that identifies, by golden id, sorted by key: nothing is created again
 *     in their systems
 * @param contested goldens whose records fit several others, with those they fit, sorted; none of them changed the others (ID-6)
 */
public record ResolutionPlan(
        List<Membership> assign,
        List<GoldenRecord> goldens,
        List<GoldenRevision> revisions,
        List<Absorption> absorptions,
        SortedMap<String, GoldenRecord> current,
        SortedMap<String, List<SourceRecord>> members,
        SortedMap<String, List<RecordKey>> gone,
        SortedMap<String, List<String>> contested) {
    /** The same with some of its live records in another form. */
    public ResolutionPlan withRecords(Map<RecordKey, SourceRecord> changed) {
        if (changed.isEmpty()) return this;
        var others = new TreeMap<String, List<SourceRecord>>();
        members.forEach((id, records) -> others.put(
                id,
                records.stream()
                        .map(record -> changed.getOrDefault(record.key(), record))
                        .toList()));
        return new ResolutionPlan(assign, goldens, revisions, absorptions, current, others, gone, contested);
    }

    /** The same with some of its goldens in another form. */
    public ResolutionPlan withGoldens(Map<String, GoldenRecord> changed) {
        if (changed.isEmpty()) return this;
        var others = new TreeMap<>(current);
        others.putAll(changed);
        var stored = new TreeMap<>(changed);
        for (var golden : goldens) stored.putIfAbsent(golden.id(), golden);
        return new ResolutionPlan(
                assign, List.copyOf(stored.values()), revisions, absorptions, others, members, gone, contested);
    }

    /** Goldens that retired into a survivor, with the records that moved. */
    public record Absorption(String survivor, List<String> absorbed, List<MergeEvent.Move> moved) {}
}
