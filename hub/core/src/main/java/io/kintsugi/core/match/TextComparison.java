package io.kintsugi.core.match;

import java.util.List;

/** Compares titles by the words they share, rare words more, and the model numbers in them. */
final class TextComparison implements Comparison {
    private static final double[] LIKENESS = {1, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.25};
    static final List<String> TITLE =
            List.of("exact", "0.95", "0.90", "0.80", "0.70", "0.60", "0.50", "0.40", "0.25", "different");

    @Override
    public List<Aspect> aspects() {
        return List.of(
                Aspect.bounded("title", "title", TITLE),
                Aspect.of("modelNumber", "same", "similar", "different"),
                Aspect.of("numbers", "same", "some", "different"));
    }

    @Override
    public void compare(Profile a, Profile b, Found found, int at) {
        Title left = null;
        Title right = null;
        double best = -1;
        for (var one : a.titles) {
            for (var other : b.titles) {
                double likeness = likeness(one, other);
                if (likeness > best) {
                    best = likeness;
                    left = one;
                    right = other;
                }
            }
        }
        if (left == null) return;
        found.set(at, level(LIKENESS, best), left.commonBits(right), left, right);
        models(a, b, found, at + 1);
        numbers(left, right, found, at + 2);
    }

    /** Position of the first bound that is reached; the number of bounds if none is. */
    static int level(double[] bounds, double likeness) {
        for (int i = 0; i < bounds.length; i++) if (likeness >= bounds[i]) return i;
        return bounds.length;
    }

    static double likeness(Title a, Title b) {
        double likeness = a.similarity(b);
        return likeness > 0.75 ? likeness : Math.max(likeness, 0.75 * a.containment(b));
    }

    private static void models(Profile a, Profile b, Found found, int at) {
        if (a.models.length == 0 || b.models.length == 0) return;
        int best = 2;
        for (var one : a.models) {
            for (var other : b.models) {
                if (one.equals(other)) best = 0;
                else if (best > 1 && samePart(one, other)) best = 1;
            }
        }
        found.set(at, best, String.join(" ", a.models), String.join(" ", b.models));
    }

    private static boolean samePart(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        return shorter >= 4 && (a.startsWith(b) || b.startsWith(a) || a.endsWith(b) || b.endsWith(a));
    }

    /** Plain numbers tell versions and sizes apart. */
    private static void numbers(Title a, Title b, Found found, int at) {
        int common = 0;
        int here = 0;
        int there = 0;
        for (var word : a.words()) if (Text.isNumber(word)) here++;
        for (var word : b.words()) {
            if (!Text.isNumber(word)) continue;
            there++;
            if (a.has(word)) common++;
        }
        if (here == 0 || there == 0) return;
        found.set(at, common == Math.max(here, there) ? 0 : common > 0 ? 1 : 2, here + " numbers", there + " numbers");
    }
}
