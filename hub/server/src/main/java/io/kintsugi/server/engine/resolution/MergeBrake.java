package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.lifecycle.ResolutionPlan;
import io.kintsugi.core.lifecycle.Scope;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.resolution.ReviewBook.Two;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Holds back merges by rules once there are more within a day than the policy lets through (sync.md §4.5): they are planned apart, as
 * if a steward had said so, listed one by one, and asked about once. Counts what rules do to goldens that were there before. What
 * people and systems said is no matter of the brake, nor is a new record that fits two goldens: those are what filling a system brings.
 */
public final class MergeBrake {
    /** How long an approval lets merges through. What is held back waits to be resolved then, which takes seconds. */
    static final Duration LIFTED = Duration.ofHours(1);

    /** Takes the place of a system in the checkpoint that holds what was merged lately, by type. */
    public static final String JOURNAL = "merge-brake";

    private static final long WINDOW_HOURS = 24;

    private final HubTransaction tx;
    private final LiveModel.Rules rules;
    private final Instant now;
    private final Set<Two> held = new HashSet<>();

    MergeBrake(HubTransaction tx, LiveModel.Rules rules, Instant now) {
        this.tx = tx;
        this.rules = rules;
        this.now = now;
    }

    /** The open question about what is held back of a type has always this id. */
    public static String questionOf(String entityType) {
        return "rv-" + ContentHash.of(Map.of("brake", "merges", "type", entityType));
    }

    /** Goldens that are kept apart by the brake. */
    Set<Two> held() {
        return held;
    }

    /**
     * What keeps apart what a plan would merge by rules; empty if it may. Asked again with the plan that follows.
     *
     * @param told whether a system's own merge joins these goldens
     */
    List<Link> holdsBack(ResolutionPlan plan, Scope scope, Predicate<Collection<String>> told) {
        var groups = new Groups(scope);
        var byRules = new ArrayList<List<List<RecordKey>>>();
        int merges = 0;
        for (var absorption : plan.absorptions()) {
            var ids = new TreeSet<>(absorption.absorbed());
            ids.add(absorption.survivor());
            boolean fresh = plan.members().get(absorption.survivor()).stream()
                    .anyMatch(record -> !scope.memberships().containsKey(record.key()));
            if (fresh || told.test(ids)) continue;
            var parts = groups.of(ids);
            if (parts.size() < 2) continue;
            merges += parts.size() - 1;
            byRules.add(parts);
        }
        if (merges == 0 || held.isEmpty() && !trips(merges)) return List.of();
        int before = held.size();
        var apart = new ArrayList<Link>();
        for (var parts : byRules) {
            for (int i = 0; i < parts.size(); i++) {
                for (int j = i + 1; j < parts.size(); j++) apart(parts.get(i), parts.get(j), scope, apart);
            }
        }
        return held.size() > before ? apart : List.of();
    }

    private void apart(List<RecordKey> left, List<RecordKey> right, Scope scope, List<Link> apart) {
        for (var one : left) {
            for (var other : right) {
                boolean ordered = one.compareTo(other) < 0;
                apart.add(new Link(
                        ordered ? one : other,
                        ordered ? other : one,
                        Origin.STEWARD,
                        Decision.NO_MATCH,
                        LinkState.ACTIVE,
                        0,
                        List.of(),
                        null,
                        JOURNAL,
                        now));
                held.add(Two.of(
                        scope.memberships().get(one).goldenId(),
                        scope.memberships().get(other).goldenId()));
            }
        }
    }

    /** Whether so many more are too many; if not, they are counted. */
    private boolean trips(int merges) {
        var type = rules.type().name();
        var question = tx.reviews().find(List.of(questionOf(type))).get(questionOf(type));
        if (question != null && question.state() == ReviewState.OPEN) return true;
        if (question != null
                && question.decision() == Decision.MATCH
                && now.isBefore(question.decidedAt().plus(LIFTED))) return false;
        long hour = now.getEpochSecond() / 3600;
        var counts = counts(hour);
        long all = counts.values().stream().mapToLong(Long::longValue).sum() + merges;
        var brake = rules.matching().merging().brake();
        if (all > brake.merges()) {
            long limit = brake.limit(tx.goldens().counts().getOrDefault(type, 0L));
            if (all > limit) {
                ask(question, limit);
                return true;
            }
        }
        counts.merge(hour, (long) merges, Long::sum);
        var text = new ArrayList<String>();
        counts.forEach((at, count) -> text.add(at + ":" + count));
        tx.journal().saveCheckpoint(JOURNAL, type, String.join(",", text), now);
        return false;
    }

    /** Merges by hour, of the last day. */
    private TreeMap<Long, Long> counts(long hour) {
        var counts = new TreeMap<Long, Long>();
        var text = tx.journal().checkpoint(JOURNAL, rules.type().name()).orElse("");
        for (var part : text.split(",")) {
            if (part.isEmpty()) continue;
            int colon = part.indexOf(':');
            long at = Long.parseLong(part.substring(0, colon));
            if (at > hour - WINDOW_HOURS) counts.put(at, Long.parseLong(part.substring(colon + 1)));
        }
        return counts;
    }

    /** Its words hold for as long as it is open, so they do not say how many are held back. */
    private void ask(Review before, long limit) {
        var type = rules.type().name();
        tx.reviews()
                .save(List.of(new Review(
                        questionOf(type),
                        Kind.MERGE_BRAKE,
                        ReviewState.OPEN,
                        type,
                        List.of(),
                        List.of(),
                        0,
                        "rules would make more merges within 24 hours than the brake lets through (" + limit
                                + "); none of the last ones was made, and each is listed. Are they right?",
                        "{}",
                        before == null ? 1 : before.revision() + 1,
                        now,
                        null,
                        null,
                        null,
                        null,
                        rules.policies())));
    }

    /** Records of a scope that people and systems tied together. */
    private static final class Groups {
        private final Scope scope;
        private final Map<RecordKey, RecordKey> parent = new HashMap<>();

        Groups(Scope scope) {
            this.scope = scope;
            for (var link : scope.links()) {
                if (link.active() && link.origin() != Origin.RULE && link.decision() == Decision.MATCH) {
                    parent.put(root(link.a()), root(link.b()));
                }
            }
            for (var seats : byGolden().values()) {
                for (var seat : seats) parent.put(root(seat), root(seats.get(0)));
            }
        }

        /** All records of each golden, live or not: a word about one that is gone still ties its golden. */
        private Map<String, List<RecordKey>> byGolden() {
            var byGolden = new TreeMap<String, List<RecordKey>>();
            scope.memberships().values().forEach(seat -> byGolden.computeIfAbsent(
                            seat.goldenId(), id -> new ArrayList<>())
                    .add(seat.record()));
            return byGolden;
        }

        private RecordKey root(RecordKey record) {
            var at = record;
            for (var next = parent.get(at); next != null && !next.equals(at); next = parent.get(at)) at = next;
            return at;
        }

        /** The live records of goldens, those apart that only rules bring together. */
        List<List<RecordKey>> of(Set<String> goldens) {
            var parts = new TreeMap<RecordKey, List<RecordKey>>();
            byGolden().forEach((golden, seats) -> {
                if (!goldens.contains(golden)) return;
                for (var seat : seats) {
                    if (!scope.records().get(seat).state().counts()) continue;
                    parts.computeIfAbsent(root(seat), root -> new ArrayList<>()).add(seat);
                }
            });
            return List.copyOf(parts.values());
        }
    }
}
