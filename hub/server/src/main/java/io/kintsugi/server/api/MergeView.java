package io.kintsugi.server.api;

import io.kintsugi.core.lifecycle.MergePlan;
import io.kintsugi.core.lifecycle.MergePlan.Reversibility;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.stewardship.MergeStandings;
import io.kintsugi.server.engine.stewardship.Reversals;
import io.kintsugi.server.engine.stewardship.Stewardship.MergePreview;
import io.kintsugi.server.engine.stewardship.Stewardship.PlannedWrite;
import io.kintsugi.server.engine.stewardship.Stewardship.UnmergePreview;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A merge of goldens, standing or undone.
 *
 * @param labels what the goldens are called now, by id
 * @param unmerge how far an unmerge gives back what was there; null for one that was undone
 */
record MergeView(
        String id,
        String type,
        String survivor,
        List<String> absorbed,
        List<MergeEvent.Move> moved,
        List<MergeEvent.Pair> links,
        Origin origin,
        String by,
        String note,
        Instant at,
        Instant undoneAt,
        String undoneBy,
        String policies,
        MergeStandings.State state,
        List<MergeStandings.Step> systems,
        Map<String, String> labels,
        Unmerge unmerge) {
    /** @param systems where not all is given back */
    record Unmerge(Reversibility reversibility, List<MergePlan.Step> systems) {
        /** Where nothing can be taken apart there is no plan. */
        private static Unmerge of(MergePlan planOrNull) {
            if (planOrNull == null) return new Unmerge(Reversibility.NONE, List.of());
            var limited = planOrNull.steps().stream()
                    .filter(step -> step.reversibility() != Reversibility.FULL)
                    .toList();
            return new Unmerge(planOrNull.reversibility(), limited);
        }
    }

    /** What a merge would give. */
    record Preview(
            GoldenView result,
            List<RecordView> records,
            List<String> retired,
            List<PlannedWrite> writes,
            Reversibility reversibility,
            List<MergePlan.Step> systems) {
        static Preview of(MergePreview preview) {
            var records = preview.members().stream().map(RecordView::of).toList();
            var keys = records.stream().map(RecordView::key).toList();
            return new Preview(
                    GoldenView.of(preview.result(), keys),
                    records,
                    preview.retired(),
                    preview.writes(),
                    preview.plan().reversibility(),
                    preview.plan().steps());
        }
    }

    /**
     * What undoing a merge would give.
     *
     * @param revision of the golden that holds the merge now
     * @param merges those that would be taken back, the one that was asked first
     */
    record UndoPreview(
            long revision,
            List<GoldenView> results,
            Map<String, String> goldenOfRecord,
            List<PlannedWrite> writes,
            List<String> merges) {
        static UndoPreview of(UnmergePreview preview, long revision) {
            var goldenOf = new TreeMap<String, String>();
            preview.goldenOfRecord().forEach((record, golden) -> goldenOf.put(record.toString(), golden));
            var results = preview.results().stream()
                    .map(golden -> GoldenView.of(golden, recordsOf(preview, golden.id())))
                    .toList();
            return new UndoPreview(revision, results, goldenOf, preview.writes(), preview.merges());
        }

        private static List<RecordKey> recordsOf(UnmergePreview preview, String goldenId) {
            return preview.goldenOfRecord().entrySet().stream()
                    .filter(entry -> entry.getValue().equals(goldenId))
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    /** Without how far systems have come, and without names. */
    static MergeView of(MergeEvent merge) {
        return of(merge, null, null, null);
    }

    static List<MergeView> of(
            HubTransaction tx, MergeStandings standings, Reversals reversals, Collection<MergeEvent> merges) {
        var found = standings.of(tx, merges);
        var plans = reversals.of(tx, merges);
        var ids = new TreeSet<String>();
        merges.forEach(merge -> ids.addAll(goldens(merge)));
        var labels = new TreeMap<String, String>();
        tx.goldens().find(ids).forEach((id, golden) -> labels.put(id, golden.label()));
        return merges.stream()
                .map(merge -> {
                    var ofMerge = new TreeMap<>(labels);
                    ofMerge.keySet().retainAll(goldens(merge));
                    var unmerge = merge.undoneAt() == null ? Unmerge.of(plans.get(merge.id())) : null;
                    return of(merge, found.get(merge.id()), ofMerge, unmerge);
                })
                .toList();
    }

    private static Set<String> goldens(MergeEvent merge) {
        var goldens = new TreeSet<>(merge.absorbed());
        goldens.add(merge.survivor());
        return goldens;
    }

    private static MergeView of(
            MergeEvent merge, MergeStandings.Standing standing, Map<String, String> labels, Unmerge unmerge) {
        return new MergeView(
                merge.id(),
                merge.entityType(),
                merge.survivor(),
                merge.absorbed(),
                merge.moved(),
                merge.links(),
                merge.origin(),
                merge.by(),
                merge.note(),
                merge.at(),
                merge.undoneAt(),
                merge.undoneBy(),
                merge.policies(),
                standing == null ? null : standing.state(),
                standing == null ? null : standing.systems(),
                labels,
                unmerge);
    }
}
