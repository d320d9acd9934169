package io.kintsugi.server.engine.resolution;

import static java.util.stream.Collectors.toMap;

import io.kintsugi.core.lifecycle.ResolutionPlan;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Oscillation;
import io.kintsugi.core.sync.Oscillation.Held;
import io.kintsugi.core.sync.Oscillation.Loop;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Leaves an attribute alone that systems change back and forth, in turn or against what is trusted more (SYN-4): its value stays as it is for a day, no system's change of it is
 * taken over and none is written, and a steward is told who does it. A steward ends that by giving a value, or by taking this one back.
 */
public final class LoopBreaker {
    /** Who gives the value that stays. */
    static final String NAME = "loop breaker";

    static final Duration REST = Duration.ofHours(24);

    private final HubTransaction tx;
    private final LiveModel.Rules rules;
    private final Referents referents;
    private final Instant now;

    LoopBreaker(HubTransaction tx, LiveModel.Rules rules, Referents referents, Instant now) {
        this.tx = tx;
        this.rules = rules;
        this.referents = referents;
        this.now = now;
    }

    /** Attributes of a golden that are left alone now; empty for none. */
    public static Set<String> resting(GoldenRecord golden) {
        var resting = new TreeSet<String>();
        for (var value : golden.stewardValues()) {
            if (value.holds() && value.by().equals(NAME)) resting.add(value.attribute());
        }
        return resting;
    }

    /**
     * @param plan with its goldens not stored yet
     * @param before goldens before it
     * @param dirty records that changed or wait for another reason
     * @param known records of the scope that a question may be about already
     * @return the plan with what is left alone from now on
     */
    ResolutionPlan watch(
            ResolutionPlan plan, Map<String, GoldenRecord> before, Set<RecordKey> dirty, Collection<RecordKey> known) {
        if (tx.reviews().anyOpen(Kind.LOOP)) endQuestions(plan, known);
        var changed = plan.revisions().stream()
                .filter(revision -> !revision.changed().isEmpty())
                .filter(revision -> changedLately(before.get(revision.goldenId()), now))
                .collect(toMap(GoldenRevision::goldenId, Function.identity(), (first, second) -> second));
        var resting = new HashMap<String, GoldenRecord>();
        var reviews = new ArrayList<Review>();
        plan.members().forEach((id, members) -> {
            var golden = plan.current().get(id);
            if (golden == null) return;
            var loops = pushedBack(golden, members, dirty);
            if (changed.containsKey(id)) loops.addAll(backAndForth(golden, changed.get(id)));
            for (var loop : loops) {
                if (resting(golden).contains(loop.attribute())) continue;
                golden = resting(golden, loop);
                resting.put(id, golden);
                reviews.add(question(golden, loop, members));
            }
        });
        if (resting.isEmpty()) return plan;
        ask(reviews);
        return plan.withGoldens(resting);
    }

    /** What several systems change in turn. */
    private List<Loop> backAndForth(GoldenRecord golden, GoldenRevision revision) {
        var loops = new ArrayList<Loop>();
        var history = new ArrayList<GoldenRevision>(List.of(revision));
        history.addAll(tx.goldens().history(golden.id(), Oscillation.REVISIONS));
        for (var change : revision.changed()) {
            if (change.from() == null || resting(golden).contains(change.attribute())) continue;
            Oscillation.find(change.attribute(), history, now).ifPresent(loops::add);
        }
        return loops;
    }

    /** What a system changes each time that it is written over. */
    private List<Loop> pushedBack(GoldenRecord golden, List<SourceRecord> members, Set<RecordKey> dirty) {
        var loops = new ArrayList<Loop>();
        for (var member : members) {
            if (!dirty.contains(member.key()) || member.state() != RecordState.LIVE) continue;
            var against = against(golden, member);
            if (against.isEmpty()) continue;
            var former = tx.records().revisions(member.key(), Oscillation.REVISIONS);
            for (var attribute : against) {
                var held = former.stream()
                        .map(was -> new Held(was.attributes().get(attribute), was.at()))
                        .toList();
                var systems = new TreeSet<>(Set.of(member.key().system()));
                var from = golden.values().get(attribute);
                if (from != null && from.from() != null) systems.add(from.from().system());
                Oscillation.pushedBack(attribute, member.attributes().get(attribute), held, systems, now)
                        .ifPresent(loops::add);
            }
        }
        return loops;
    }

    /** Attributes in which a record held what survives now, until its system set another value. */
    private Set<String> against(GoldenRecord golden, SourceRecord member) {
        var attributes = new TreeSet<String>();
        var says = referents.inGoldenTerms(member);
        says.states().forEach((attribute, state) -> {
            var survives = golden.values().get(attribute);
            boolean blank = survives == null || survives.value().isEmpty(); // which has no version that lasts
            boolean held = blank ? state.base() > 0 : state.base() == survives.version();
            boolean own = held && !state.copied() && state.hold() == null;
            if (own && !Objects.equals(says.value(attribute), golden.value(attribute))) attributes.add(attribute);
        });
        attributes.removeAll(resting(golden));
        return attributes;
    }

    private void endQuestions(ResolutionPlan plan, Collection<RecordKey> known) {
        tx.reviews()
                .save(tx.reviews().openOf(known).stream()
                        .filter(review -> review.kind() == Kind.LOOP)
                        .filter(review -> {
                            var golden = plan.current().get(review.goldens().get(0));
                            return golden != null
                                    && !resting(golden)
                                            .contains(LoopFound.parse(review).attribute());
                        })
                        .map(review ->
                                review.closed(ReviewState.OBSOLETE, "rules", "it is not left alone any more", now))
                        .toList());
    }

    /** Only what changes often can go back and forth, so that nothing is asked about most changes. */
    public static boolean changedLately(GoldenRecord before, Instant now) {
        return before != null && before.revision() >= 4 && !before.updatedAt().isBefore(now.minus(Oscillation.WINDOW));
    }

    private GoldenRecord resting(GoldenRecord golden, Loop loop) {
        var values = new ArrayList<StewardValue>();
        var value = golden.value(loop.attribute());
        values.add(new StewardValue(
                loop.attribute(),
                value == null ? "" : value,
                LifeCycle.UNTIL_DATE,
                now.plus(REST),
                golden.id(),
                NAME,
                said(loop),
                now,
                null,
                Set.of(),
                null));
        values.addAll(golden.stewardValues());
        return new GoldenRecord(
                golden.id(),
                golden.entityType(),
                golden.state(),
                golden.revision(),
                golden.values(),
                golden.redirectsTo(),
                golden.createdAt(),
                golden.updatedAt(),
                values,
                now); // chosen anew at once, so that the end of the rest is known
    }

    private static String said(Loop loop) {
        return String.join(" and ", loop.systems())
                + (loop.systems().size() == 1 ? " changes " : " change ")
                + loop.attribute() + " back and forth: " + loop.changes() + " changes since " + loop.since();
    }

    private Review question(GoldenRecord golden, Loop loop, List<SourceRecord> members) {
        var records = members.stream()
                .map(SourceRecord::key)
                .filter(key -> loop.systems().contains(key.system()))
                .sorted()
                .toList();
        return new Review(
                "rv-" + ContentHash.of(Map.of("loop", golden.id(), "attribute", loop.attribute())),
                Kind.LOOP,
                ReviewState.OPEN,
                rules.type().name(),
                List.of(golden.id()),
                records,
                0,
                said(loop) + ". It is left as it is until " + now.plus(REST)
                        + "; stop what changes it there, or give the golden record a value",
                LoopFound.of(loop, now.plus(REST)).toJson(),
                1,
                now,
                null,
                null,
                null,
                null,
                rules.policies());
    }

    private void ask(List<Review> asked) {
        var before = tx.reviews().find(asked.stream().map(Review::id).toList());
        tx.reviews()
                .save(asked.stream()
                        .map(review -> {
                            var former = before.get(review.id());
                            return former == null ? review : review.withRevision(former.revision() + 1);
                        })
                        .toList());
    }
}
