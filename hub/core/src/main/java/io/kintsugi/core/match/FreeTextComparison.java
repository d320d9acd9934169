package io.kintsugi.core.match;

import io.kintsugi.core.model.Attribute;
import java.util.List;

/** Compares one attribute of any text, about which nothing is known: whole values, and the words they share. */
final class FreeTextComparison implements Comparison {
    private static final double[] LIKENESS = {1, 0.8, 0.6, 0.4, 0.2};

    private final int text;
    private final Aspect aspect;

    /** @param text position in {@link Profile#texts} */
    FreeTextComparison(Attribute attribute, int text) {
        this.text = text;
        aspect =
                Aspect.bounded(attribute.name(), "text", List.of("exact", "0.80", "0.60", "0.40", "0.20", "different"));
    }

    @Override
    public List<Aspect> aspects() {
        return List.of(aspect);
    }

    @Override
    public void compare(Profile a, Profile b, Found found, int at) {
        var one = a.texts[text];
        var other = b.texts[text];
        if (one == null || other == null) return;
        double likeness = TextComparison.likeness(one, other);
        found.set(at, TextComparison.level(LIKENESS, likeness), one.commonBits(other), one, other);
    }
}
