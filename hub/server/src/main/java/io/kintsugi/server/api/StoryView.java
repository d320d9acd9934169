package io.kintsugi.server.api;

import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.server.engine.explain.Origins;
import java.time.Instant;
import java.util.List;

/** How a golden came to be, step by step; a merge holds the stories of what it brought. */
record StoryView(String goldenId, String label, List<Step> steps, int omitted) {
    record Step(
            Cause cause,
            Instant at,
            List<RecordKey> joined,
            List<RecordKey> left,
            LinkView because,
            MergeView merge,
            List<StoryView> absorbed) {}

    static StoryView of(Origins.Story story) {
        return new StoryView(
                story.goldenId(),
                story.label(),
                story.steps().stream().map(StoryView::step).toList(),
                story.omitted());
    }

    private static Step step(Origins.Step step) {
        return new Step(
                step.cause(),
                step.at(),
                step.joined(),
                step.left(),
                step.because() == null ? null : LinkView.of(step.because()),
                step.merge() == null ? null : MergeView.of(step.merge()),
                step.absorbed().stream().map(StoryView::of).toList());
    }
}
