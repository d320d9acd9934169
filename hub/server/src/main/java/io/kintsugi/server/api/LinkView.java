package io.kintsugi.server.api;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Evidence;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.MatchDecision;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.List;

/** A stored decision between two records. */
record LinkView(
        RecordKey a,
        RecordKey b,
        Origin origin,
        Decision decision,
        LinkState state,
        double score,
        double probability,
        List<Evidence> evidence,
        String blockKey,
        String by,
        Instant at) {
    /** What the rules say of a pair now. */
    record Computed(Decision decision, double score, double probability, List<Evidence> evidence, String ruleSet) {
        static Computed of(MatchDecision decision) {
            return new Computed(
                    decision.decision(),
                    decision.score(),
                    decision.probability(),
                    decision.evidence(),
                    decision.ruleSet());
        }
    }

    static LinkView of(Link link) {
        return new LinkView(
                link.a(),
                link.b(),
                link.origin(),
                link.decision(),
                link.state(),
                link.score(),
                probability(link.score()),
                link.evidence(),
                link.blockKey(),
                link.by(),
                link.at());
    }

    /** Probability of a match that a score in bits stands for. */
    static double probability(double score) {
        return 1 / (1 + Math.pow(2, -score));
    }
}
