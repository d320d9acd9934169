package io.kintsugi.server.engine.resolution;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.server.engine.resolution.Resolver.Occasion.PairKey;
import io.kintsugi.server.engine.shared.StoredJson;
import java.util.List;

/**
 * What a review about goldens keeps beside its question.
 *
 * @param a smaller record of the strongest pair
 * @param b the other
 * @param links verdicts its decision wrote, as pairs of keys; what its undo takes back
 * @param apart verdicts of {@code NO_MATCH} that a decision of {@code MATCH} wrote too; null for none
 * @param merge merge event its decision made; null if none
 * @param contested what is asked of a record that fits several goldens; null for a question about two
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Question(
        String a, String b, List<List<String>> links, List<List<String>> apart, String merge, Contest contested) {
    /**
     * A record that fits several goldens.
     *
     * @param record the smallest one of the golden in question
     * @param candidates one record of each golden that it fits
     * @param verdict the steward's word that tells two of these apart; null if there is none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Contest(String record, List<String> candidates, Verdict verdict) {
        /** Records that the one asked about may be; empty if it is about a pair. */
        public List<RecordKey> candidateKeys() {
            return candidates.stream().map(RecordKey::parse).toList();
        }
    }

    /** @param at ISO 8601 */
    public record Verdict(String a, String b, String by, String at) {}

    /** One that nobody answered yet. */
    public static Question open(RecordKey a, RecordKey b, Contest contested) {
        return new Question(a.toString(), b.toString(), List.of(), null, null, contested);
    }

    /** The same question, unanswered. */
    public Question open() {
        return new Question(a, b, List.of(), null, null, contested);
    }

    /** The same question with what its answer wrote. */
    public Question answered(List<PairKey> wrote, List<PairKey> alsoApart, String mergeOrNull) {
        return new Question(a, b, texts(wrote), texts(alsoApart), mergeOrNull, contested);
    }

    private static List<List<String>> texts(List<PairKey> pairs) {
        return pairs.stream()
                .map(pair -> List.of(pair.a().toString(), pair.b().toString()))
                .toList();
    }

    private static List<PairKey> pairs(List<List<String>> texts) {
        if (texts == null) return List.of();
        return texts.stream()
                .map(pair -> new PairKey(RecordKey.parse(pair.get(0)), RecordKey.parse(pair.get(1))))
                .toList();
    }

    /** Pairs that its answer called the same. */
    public List<PairKey> wrote() {
        return pairs(links);
    }

    /** Pairs that its answer told apart. */
    public List<PairKey> wroteApart() {
        return pairs(apart);
    }

    /** As a review keeps it. */
    public String toJson() {
        return StoredJson.write(this);
    }

    /** The question that {@link #toJson()} made the text of. */
    public static Question parse(String json) {
        return StoredJson.read(json, Question.class, "review");
    }

    /** Key of {@link #a}. */
    public RecordKey keyA() {
        return RecordKey.parse(a);
    }

    /** Key of {@link #b}. */
    public RecordKey keyB() {
        return RecordKey.parse(b);
    }
}
