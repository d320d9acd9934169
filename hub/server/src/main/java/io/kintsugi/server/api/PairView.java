package io.kintsugi.server.api;

import io.kintsugi.core.model.Decision;
import io.kintsugi.server.engine.explain.PairExplanation;
import io.kintsugi.server.engine.explain.PairExplanation.Ground;
import io.kintsugi.server.engine.explain.PairExplanation.Then;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Why two records are the same, or are not. */
record PairView(
        RecordView a,
        RecordView b,
        Instant asOf,
        Past then,
        boolean sameGolden,
        List<LinkView> links,
        LinkView.Computed computed,
        List<Step> comparisons,
        List<Key> keys,
        String blockKey,
        List<Assertion> assertions,
        Conclusion conclusion,
        ReviewResource.Thresholds thresholds,
        long policyVersion) {
    /** Both records at an earlier instant. */
    record Past(Side a, Side b) {}

    record Side(boolean known, Instant since, Map<String, String> attributes, String goldenId) {
        static Side of(Then then) {
            return new Side(then.known(), then.since(), then.attributes(), then.goldenId());
        }
    }

    /** @param attributes those it read; empty for what compares nothing */
    record Step(String name, String left, String right, String level, double bits, List<String> attributes) {}

    record Key(String value, long records, boolean generic) {}

    record Assertion(Ground ground, Decision says, String text, String by, Instant at) {}

    record Conclusion(Decision decision, Ground ground, String text) {}

    static PairView of(PairExplanation pair, RecordView a, RecordView b) {
        return new PairView(
                a,
                b,
                pair.asOf(),
                pair.asOf() == null ? null : new Past(Side.of(pair.thenA()), Side.of(pair.thenB())),
                pair.sameGolden(),
                pair.links().stream().map(LinkView::of).toList(),
                pair.computed() == null ? null : LinkView.Computed.of(pair.computed()),
                pair.comparisons().stream()
                        .map(step -> new Step(
                                step.evidence().name(),
                                step.evidence().left(),
                                step.evidence().right(),
                                step.evidence().level(),
                                step.evidence().bits(),
                                step.attributes()))
                        .toList(),
                pair.keys().stream()
                        .map(key -> new Key(key.value(), key.records(), key.generic()))
                        .toList(),
                pair.blockKey(),
                pair.assertions().stream()
                        .map(one -> new Assertion(one.ground(), one.says(), one.text(), one.by(), one.at()))
                        .toList(),
                new Conclusion(
                        pair.conclusion().decision(),
                        pair.conclusion().ground(),
                        pair.conclusion().text()),
                new ReviewResource.Thresholds(
                        pair.policy().reviewBits(), pair.policy().autoBits()),
                pair.policy().version());
    }
}
