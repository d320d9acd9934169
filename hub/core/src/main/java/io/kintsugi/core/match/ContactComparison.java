package io.kintsugi.core.match;

import java.util.List;

/** Compares phone numbers, mailboxes and domains; of several the best pair counts. */
final class ContactComparison implements Comparison {
    @Override
    public List<Aspect> aspects() {
        return List.of(
                Aspect.of("phone", "same", "local", "slip", "different"),
                Aspect.of("email", "same", "slip", "mailbox", "domain", "role", "different"),
                Aspect.of("domain", "same", "different"));
    }

    @Override
    public void compare(Profile a, Profile b, Found found, int at) {
        int best = Integer.MAX_VALUE;
        for (var one : a.phones) {
            for (var other : b.phones) {
                int level = phone(one, other);
                if (level < best) {
                    best = level;
                    found.set(at, level, one, other);
                }
            }
        }
        best = Integer.MAX_VALUE;
        for (var one : a.emails) {
            for (var other : b.emails) {
                int level = email(one, other);
                if (level < best) {
                    best = level;
                    found.set(at + 1, level, one, other);
                }
            }
        }
        best = Integer.MAX_VALUE;
        for (var one : a.domains) {
            for (var other : b.domains) {
                int level = one.equals(other) ? 0 : 1;
                if (level < best) {
                    best = level;
                    found.set(at + 2, level, one, other);
                }
            }
        }
    }

    private static int phone(String a, String b) {
        int agreement = Phone.agreement(a, b);
        return agreement == 2 ? 0 : agreement == 1 ? 1 : a.length() > 6 && Similarity.oneEdit(a, b) ? 2 : 3;
    }

    private static int email(Email a, Email b) {
        boolean sameDomain = a.domain().equals(b.domain());
        if (a.local().equals(b.local())) {
            if (a.role()) return sameDomain ? 4 : 5;
            if (sameDomain) return 0;
            if (Similarity.oneEdit(a.domain(), b.domain())) return 1;
            return a.local().length() > 4 ? 2 : 5;
        }
        int shorter = Math.min(a.local().length(), b.local().length());
        if (sameDomain && shorter > 4 && Similarity.oneEdit(a.local(), b.local())) return 1;
        if (shorter > 6
                && !a.role()
                && Similarity.edits(a.local(), b.local(), 2) + Similarity.edits(a.domain(), b.domain(), 2) <= 2) {
            return 1;
        }
        return sameDomain && !a.free() ? 3 : 5;
    }
}
