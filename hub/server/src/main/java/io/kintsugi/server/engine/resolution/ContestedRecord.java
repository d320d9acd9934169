package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of a record that fits several goldens.
 *
 * @param record the smallest one of the golden in question
 * @param candidates one record of each golden that it fits
 * @param verdict the steward's word that tells two of these apart; null if there is none
 */
public record ContestedRecord(RecordKey record, List<RecordKey> candidates, ToldApart verdict) {
    /** A steward said that two records are not the same. */
    public record ToldApart(RecordKey a, RecordKey b, String by, Instant at) {}

    /** What a review asks of a record that fits several goldens; empty for any other question. */
    public static Optional<ContestedRecord> of(Review review) {
        if (review.kind() != Kind.DISPUTED || review.detail() == null) return Optional.empty();
        var contested = Question.parse(review.detail()).contested();
        if (contested == null) return Optional.empty();
        var verdict = contested.verdict();
        return Optional.of(new ContestedRecord(
                RecordKey.parse(contested.record()),
                contested.candidateKeys(),
                verdict == null
                        ? null
                        : new ToldApart(
                                RecordKey.parse(verdict.a()),
                                RecordKey.parse(verdict.b()),
                                verdict.by(),
                                Instant.parse(verdict.at()))));
    }

    /** The pair of records, the smaller key first, that a question about goldens is about; empty for any other review. */
    public static Optional<List<RecordKey>> pair(Review review) {
        if (!review.kind().isAboutGoldens() || review.detail() == null) return Optional.empty();
        var question = Question.parse(review.detail());
        return Optional.of(List.of(question.keyA(), question.keyB()));
    }
}
