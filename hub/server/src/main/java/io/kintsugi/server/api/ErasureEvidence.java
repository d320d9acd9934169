package io.kintsugi.server.api;

import io.kintsugi.core.model.Erasure.StepState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * What can be shown to whoever asks whether somebody was erased. The fields come in this order; the last one is the SHA-256 of
 * {@code statement} as it stands in the file, so that a changed file shows.
 */
record ErasureEvidence(Statement statement, String sha256) {
    /** @param complete whether every system is known to be without the records */
    record Statement(
            String format,
            String erasure,
            String type,
            List<String> goldenRecords,
            String reason,
            String askedBy,
            Instant askedAt,
            boolean complete,
            List<SystemLine> systems,
            List<CountLine> removedFromHub,
            Instant removedAt,
            Instant finishedAt,
            ErasureView.LiftView suppressionLifted,
            Instant asOf) {}

    record SystemLine(
            String system,
            String stream,
            String record,
            String means,
            String state,
            String note,
            String by,
            Instant at) {}

    record CountLine(String what, long count) {}

    static ErasureEvidence of(ErasureView erasure, Json json, Instant now) {
        var statement = new Statement(
                "kintsugi-erasure-1",
                erasure.id(),
                erasure.type(),
                erasure.goldens(),
                erasure.reason(),
                erasure.by(),
                erasure.askedAt(),
                erasure.removedAt() != null
                        && erasure.steps().stream()
                                .map(ErasureView.StepView::state)
                                .allMatch(StepState::over),
                erasure.steps().stream()
                        .map(step -> new SystemLine(
                                step.system(),
                                step.stream(),
                                step.record(),
                                step.means().name(),
                                step.state().name(),
                                step.why(),
                                step.by(),
                                step.at()))
                        .toList(),
                erasure.removed().entrySet().stream()
                        .map(entry -> new CountLine(entry.getKey(), entry.getValue()))
                        .toList(),
                erasure.removedAt(),
                erasure.finishedAt(),
                erasure.lifted(),
                now);
        return new ErasureEvidence(statement, sha256(json.write(statement)));
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
