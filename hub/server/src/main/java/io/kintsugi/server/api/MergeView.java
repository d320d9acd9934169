package io.kintsugi.server.api;

import io.kintsugi.core.lifecycle.MergePlan;
import io.kintsugi.core.lifecycle.MergePlan.Reversibility;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.MergeStandings;
import io.kintsugi.server.engine.Stewardship.MergePreview;
import io.kintsugi.server.engine.Stewardship.PlannedWrite;
import io.kintsugi.server.engine.Stewardship.UnmergePreview;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A merge of goldens, standing or undone. */
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
        MergeStandings.State state,
        List<MergeStandings.Step> systems) {
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
     */
    record UndoPreview(
            long revision, List<GoldenView> results, Map<String, String> goldenOfRecord, List<PlannedWrite> writes) {
        static UndoPreview of(UnmergePreview preview, long revision) {
            var goldenOf = new TreeMap<String, String>();
            preview.goldenOfRecord().forEach((record, golden) -> goldenOf.put(record.toString(), golden));
            var results = preview.results().stream()
                    .map(golden -> GoldenView.of(golden, recordsOf(preview, golden.id())))
                    .toList();
            return new UndoPreview(revision, results, goldenOf, preview.writes());
        }

        private static List<RecordKey> recordsOf(UnmergePreview preview, String goldenId) {
            return preview.goldenOfRecord().entrySet().stream()
                    .filter(entry -> entry.getValue().equals(goldenId))
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    /** Without how far systems have come. */
    static MergeView of(MergeEvent merge) {
        return of(merge, null);
    }

    static List<MergeView> of(HubTransaction tx, MergeStandings standings, Collection<MergeEvent> merges) {
        var found = standings.of(tx, merges);
        return merges.stream().map(merge -> of(merge, found.get(merge.id()))).toList();
    }

    private static MergeView of(MergeEvent merge, MergeStandings.Standing standing) {
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
                standing == null ? null : standing.state(),
                standing == null ? null : standing.systems());
    }
}
