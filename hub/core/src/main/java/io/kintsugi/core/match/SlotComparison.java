package io.kintsugi.core.match;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;

/** Compares the values of one attribute that is compared only with itself. */
record SlotComparison(String name, AttributeType type) {
    static SlotComparison of(Attribute attribute) {
        return new SlotComparison(attribute.name(), attribute.type());
    }

    double bits(String a, String b) {
        boolean same = a.equals(b);
        return switch (type) {
            case IDENTIFIER -> same ? (a.length() > 3 ? 17 : 9) : a.length() > 5 && Similarity.oneEdit(a, b) ? 1 : -9;
            case PARTIAL_IDENTIFIER -> same ? Math.min(10, 2.5 * a.length()) : Similarity.oneEdit(a, b) ? -1 : -5;
            case YEAR -> same ? 2.5 : Math.abs(Integer.parseInt(a) - Integer.parseInt(b)) == 1 ? -1.5 : -5;
            case DATE -> same ? 2 : -0.3;
            case NUMBER -> same ? 3 : near(a, b) ? 1 : -1.5;
            default -> same ? 1 : -0.3;
        };
    }

    private static boolean near(String a, String b) {
        double one = Double.parseDouble(a);
        double other = Double.parseDouble(b);
        return Math.abs(one - other) <= 0.05 * Math.max(one, other);
    }
}
