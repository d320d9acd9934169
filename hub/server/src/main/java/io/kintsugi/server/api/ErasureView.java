package io.kintsugi.server.api;

import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.ErasureState;
import io.kintsugi.core.model.Erasure.Means;
import io.kintsugi.core.model.Erasure.StepState;
import io.kintsugi.core.store.Erasures.Blocked;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** An erasure as the API shows it; holds no value of what was erased. */
record ErasureView(
        String id,
        String type,
        String golden,
        List<String> goldens,
        ErasureState state,
        String reason,
        String by,
        Instant askedAt,
        List<StepView> steps,
        SortedMap<String, Long> removed,
        Instant removedAt,
        Instant finishedAt,
        LiftView lifted,
        long revision,
        Instant updatedAt) {
    /**
     * @param recordId id by which a person finds the record there; null once it is gone
     * @param record hash of the id: names the step
     */
    record StepView(
            String system,
            String stream,
            String recordId,
            String record,
            Means means,
            StepState state,
            String why,
            String by,
            Instant at) {
        static StepView of(Erasure.Step step) {
            return new StepView(
                    step.system(),
                    step.stream(),
                    step.externalId(),
                    step.hash(),
                    step.means(),
                    step.state(),
                    step.why(),
                    step.by(),
                    step.at());
        }
    }

    record LiftView(String by, String reason, Instant at) {}

    /** A row that was kept out. */
    record BlockedView(String system, String stream, String record, long rows, Instant first, Instant last) {
        static BlockedView of(Blocked row) {
            return new BlockedView(row.system(), row.stream(), row.hash(), row.rows(), row.first(), row.last());
        }
    }

    static ErasureView of(Erasure erasure) {
        var lifted = erasure.lifted();
        return new ErasureView(
                erasure.id(),
                erasure.entityType(),
                erasure.goldenId(),
                erasure.goldenIds(),
                erasure.state(),
                erasure.reason(),
                erasure.by(),
                erasure.askedAt(),
                erasure.steps().stream().map(StepView::of).toList(),
                Collections.unmodifiableSortedMap(new TreeMap<>(erasure.removed())),
                erasure.removedAt(),
                erasure.finishedAt(),
                lifted == null ? null : new LiftView(lifted.by(), lifted.reason(), lifted.at()),
                erasure.revision(),
                erasure.updatedAt());
    }
}
