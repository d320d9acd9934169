package io.kintsugi.core.match;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import java.util.List;

/** Compares one attribute that is compared only with itself. */
final class SlotComparison implements Comparison {
    private final int slot;
    private final AttributeType type;
    private final Aspect aspect;

    /** @param slot position in {@link Profile#slots} */
    SlotComparison(Attribute attribute, int slot) {
        this.slot = slot;
        type = attribute.type();
        aspect = switch (type) {
            case IDENTIFIER -> aspect(attribute, "identifier", "same", "short", "slip", "different");
            case PARTIAL_IDENTIFIER -> aspect(attribute, "partialIdentifier", "same", "slip", "different");
            case YEAR -> aspect(attribute, "year", "same", "next", "near", "different");
            case DATE -> aspect(attribute, "date", "same", "different");
            case NUMBER -> aspect(attribute, "number", "same", "near", "different");
            case CATEGORY -> aspect(attribute, "category", "same", "similar", "different");
            default -> throw new IllegalArgumentException(type + " has no comparison of its own");
        };
    }

    private static Aspect aspect(Attribute attribute, String rules, String... levels) {
        return new Aspect(attribute.name(), rules, List.of(levels), attribute.type() == AttributeType.IDENTIFIER);
    }

    @Override
    public List<Aspect> aspects() {
        return List.of(aspect);
    }

    @Override
    public void compare(Profile a, Profile b, Found found, int at) {
        var one = a.slots[slot];
        var other = b.slots[slot];
        if (one == null || other == null) return;
        boolean same = one.equals(other);
        int level =
                switch (type) {
                    case IDENTIFIER ->
                        same ? one.length() > 3 ? 0 : 1 : one.length() > 5 && Similarity.oneEdit(one, other) ? 2 : 3;
                    case PARTIAL_IDENTIFIER -> same ? 0 : Similarity.oneEdit(one, other) ? 1 : 2;
                    case YEAR -> same ? 0 : years(one, other);
                    case NUMBER -> same ? 0 : near(one, other) ? 1 : 2;
                    case CATEGORY -> same ? 0 : alike(one, other) ? 1 : 2;
                    default -> same ? 0 : 1;
                };
        double rarity =
                type == AttributeType.PARTIAL_IDENTIFIER ? 2.5 * Math.min(5, one.length()) : a.slotBits(slot, b);
        found.set(at, level, rarity, one, other);
    }

    private static int years(String a, String b) {
        int apart = Math.abs(Integer.parseInt(a) - Integer.parseInt(b));
        return apart == 1 ? 1 : apart <= 3 ? 2 : 3;
    }

    private static boolean near(String a, String b) {
        double one = Double.parseDouble(a);
        double other = Double.parseDouble(b);
        return Math.abs(one - other) <= 0.1 * Math.max(one, other);
    }

    /** One is part of the other, or nearly the same. */
    private static boolean alike(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        if (shorter < 3) return false;
        return (" " + a + " ").contains(" " + b + " ")
                || (" " + b + " ").contains(" " + a + " ")
                || Similarity.jaroWinkler(a, b) >= 0.9;
    }
}
