package io.kintsugi.core.model;

import java.time.Instant;
import java.util.List;

/**
 * A stored decision between two records. One per unordered pair and origin: a rule's link and a steward's verdict live side by
 * side, and the verdict wins.
 *
 * @param a the smaller key
 * @param b the greater key
 * @param blockKey key that brought the pair together; null for stewards and sources
 * @param by rule set, user or system that decided
 */
public record Link(
        RecordKey a,
        RecordKey b,
        Origin origin,
        Decision decision,
        LinkState state,
        double score,
        List<Evidence> evidence,
        String blockKey,
        String by,
        Instant at) {
    /** Whether a decision counts. */
    public enum LinkState {
        ACTIVE,
        /** Taken back; kept for history. */
        RETRACTED
    }

    public Link {
        if (a.compareTo(b) >= 0) throw new IllegalArgumentException("link ends out of order: " + a + ", " + b);
        evidence = List.copyOf(evidence);
    }

    /** The same decision, taken back. */
    public Link retracted(Instant when, String who) {
        return new Link(a, b, origin, decision, LinkState.RETRACTED, score, evidence, blockKey, who, when);
    }

    public boolean active() {
        return state == LinkState.ACTIVE;
    }
}
