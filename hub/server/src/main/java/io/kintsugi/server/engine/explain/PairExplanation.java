package io.kintsugi.server.engine.explain;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Evidence;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.MatchDecision;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.MatchPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Why two records are the same thing, or are not (ID-9).
 *
 * @param asOf the instant it is about; null for now
 * @param thenA what the first record was then; null for now
 * @param sameGolden whether both belong, or belonged, to one golden
 * @param links what is stored between the two, or was then as far as it is kept
 * @param computed what the rules say of the values; null if one of the records was not known then
 * @param comparisons the evidence of {@code computed}, the prior first; sums to its score
 * @param keys block keys that both have, by value; empty if no rule would ever compare them
 * @param blockKey the one that brought them together; null if none did
 * @param assertions everything that decides beside the score
 * @param policy the match policy that was in force
 */
public record PairExplanation(
        RecordKey a,
        RecordKey b,
        Instant asOf,
        Then thenA,
        Then thenB,
        boolean sameGolden,
        List<Link> links,
        MatchDecision computed,
        List<Compared> comparisons,
        List<SharedKey> keys,
        String blockKey,
        List<Assertion> assertions,
        Conclusion conclusion,
        MatchPolicy policy) {
    /**
     * A record at an earlier instant.
     *
     * @param known whether the hub had resolved it; if not, it may not have existed
     * @param since if it was not known, when the hub first resolved it; else null
     * @param attributes empty if it was not known
     * @param goldenId null if it had none
     */
    public record Then(boolean known, Instant since, Map<String, String> attributes, String goldenId) {}

    /** One step of the score, with the attributes it read. */
    public record Compared(Evidence evidence, List<String> attributes) {}

    /**
     * A block key that both records have.
     *
     * @param records how many hold it
     * @param generic whether so many do that it brings nobody together, and a value that it stands for says nothing
     */
    public record SharedKey(String value, long records, boolean generic) {}

    /** What may decide. */
    public enum Ground {
        /** A steward said it of these two records. */
        VERDICT,
        /** A steward told other records of their goldens apart. */
        VERDICT_OF_OTHERS,
        /** A system said it, for example by a merge inside it. */
        SOURCE,
        /** Both would bring two records of a system that holds each thing once. */
        DUPLICATE_FREE,
        /** A rule forbids it whatever the score, or takes it for certain. */
        CONDITION,
        /** They share no key that brings records together. */
        NO_KEY,
        /** One of them is deleted, or identifies nothing. */
        NOT_LIVE,
        /** One of them was not known then. */
        NOT_KNOWN,
        /** The weights. */
        SCORE,
        /** They are tied through other records of their golden. */
        THROUGH_OTHERS,
        /** They match, but the rest of their goldens speaks against it. */
        OTHERS_AGAINST
    }

    /**
     * One thing that decides beside the score.
     *
     * @param says what it asks for
     * @param by who said it; null if nobody did
     */
    public record Assertion(Ground ground, Decision says, String text, String by, Instant at) {}

    /** @param text one sentence for people */
    public record Conclusion(Decision decision, Ground ground, String text) {}

    public PairExplanation {
        links = List.copyOf(links);
        comparisons = List.copyOf(comparisons);
        keys = List.copyOf(keys);
        assertions = List.copyOf(assertions);
    }
}
