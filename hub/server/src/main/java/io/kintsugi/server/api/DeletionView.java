package io.kintsugi.server.api;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.Deletion.Evidence;
import io.kintsugi.core.model.Deletion.Means;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.store.Deletions.Filter;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.stewardship.Stewardship;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A deletion and what became of the records of other systems.
 *
 * @param from system that deleted, or {@link Deletion#HUB}
 * @param golden golden it was part of, by the id it had then; null if it was part of none
 * @param label name of the golden as it is now, else the id of the record
 */
record DeletionView(
        String id,
        String type,
        String from,
        RecordKey origin,
        String golden,
        String label,
        Evidence evidence,
        DeletionState state,
        List<StepView> steps,
        Instant seenAt,
        long revision,
        Instant updatedAt,
        String policies) {
    record StepView(
            String system,
            RecordKey target,
            Action action,
            StepState state,
            String approvedBy,
            String why,
            Instant dueAt,
            Instant at,
            Means means) {
        static StepView of(Step step) {
            return new StepView(
                    step.system(),
                    step.target(),
                    step.action(),
                    step.state(),
                    step.approvedBy(),
                    step.why(),
                    step.dueAt(),
                    step.at(),
                    step.means());
        }
    }

    /**
     * What a review asks about deletions.
     *
     * @param deletion null for a brake
     * @param system whose brake has tripped; null for a single deletion
     * @param waiting number of records that wait for the answer
     */
    record Question(DeletionView deletion, String system, long waiting) {
        private static final int PAGE = 500;

        /** Null if it asks about something else. */
        static Question of(HubTransaction tx, Review review) {
            var about = Stewardship.deletions(review).orElse(null);
            if (about == null) return null;
            if (about.deletion() == null) {
                boolean open = review.state() == Review.ReviewState.OPEN;
                long held = open ? held(tx, about.system(), review.entityType()) : 0;
                return new Question(null, about.system(), held);
            }
            var deletion = tx.deletions().find(List.of(about.deletion())).get(about.deletion());
            if (deletion == null) return new Question(null, null, 0);
            return new Question(DeletionView.of(tx, deletion), null, count(deletion, StepState.ASKED, null));
        }

        /** Counts records, as the brake does: a thing may have several in one system. */
        private static long held(HubTransaction tx, String system, String entityType) {
            var filter = new Filter(entityType, null, system, DeletionState.OPEN, StepState.HELD);
            long held = 0;
            String cursor = null;
            do {
                var page = tx.deletions().list(filter, cursor, PAGE);
                for (var deletion : page.items()) held += count(deletion, StepState.HELD, system);
                cursor = page.next();
            } while (cursor != null);
            return held;
        }

        private static long count(Deletion deletion, StepState state, String systemOrNull) {
            return deletion.steps().stream()
                    .filter(step -> step.state() == state)
                    .filter(step -> systemOrNull == null || step.system().equals(systemOrNull))
                    .count();
        }
    }

    /** Views of deletions, named after their goldens, which are read in one go. */
    static List<DeletionView> of(HubTransaction tx, Collection<Deletion> deletions) {
        var ids = new TreeSet<String>();
        deletions.stream().map(Deletion::goldenId).filter(Objects::nonNull).forEach(ids::add);
        var goldens = tx.goldens().find(ids);
        return deletions.stream()
                .map(deletion -> of(deletion, deletion.goldenId() == null ? null : goldens.get(deletion.goldenId())))
                .toList();
    }

    static DeletionView of(HubTransaction tx, Deletion deletion) {
        return of(tx, List.of(deletion)).get(0);
    }

    private static DeletionView of(Deletion deletion, GoldenRecord goldenOrNull) {
        boolean named = goldenOrNull != null && !goldenOrNull.label().isBlank();
        var origin = deletion.origin();
        return new DeletionView(
                deletion.id(),
                deletion.entityType(),
                deletion.from(),
                origin,
                deletion.goldenId(),
                named ? goldenOrNull.label() : origin == null ? deletion.goldenId() : origin.externalId(),
                deletion.evidence(),
                deletion.state(),
                deletion.steps().stream().map(StepView::of).toList(),
                deletion.seenAt(),
                deletion.revision(),
                deletion.updatedAt(),
                deletion.policies());
    }

    /** Whether a list of deletions of one golden shows it. */
    static boolean shown(Deletion deletion, DeletionState state, StepState step) {
        return new Filter(null, null, null, state, step).shows(deletion);
    }
}
