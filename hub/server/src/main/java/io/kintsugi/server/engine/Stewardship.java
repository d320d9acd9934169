package io.kintsugi.server.engine;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.store.Goldens;
import java.util.List;
import java.util.Map;

public final class Stewardship {
    public Review decide(String reviewId, long expectedRevision, Decision decision, String note, String by) {
        throw new UnsupportedOperationException();
    }

    public Review undo(String reviewId, long expectedRevision, String by) {
        throw new UnsupportedOperationException();
    }

    public MergePreview previewMerge(List<String> goldenIds, String survivorOrNull) {
        throw new UnsupportedOperationException();
    }

    public MergeEvent merge(
            List<String> goldenIds, String survivorOrNull, Map<String, Long> revisions, String note, String by) {
        throw new UnsupportedOperationException();
    }

    public UnmergePreview previewUnmerge(String mergeId) {
        throw new UnsupportedOperationException();
    }

    public MergeEvent unmerge(String mergeId, String note, String by) {
        throw new UnsupportedOperationException();
    }

    public record MergePreview(
            GoldenRecord result, List<Goldens.Member> members, List<String> retired, List<PlannedWrite> writes) {}

    public record UnmergePreview(
            List<GoldenRecord> results, Map<RecordKey, String> goldenOfRecord, List<PlannedWrite> writes) {}

    public record PlannedWrite(String system, RecordKey target, String kind, Map<String, String> values) {}
}
