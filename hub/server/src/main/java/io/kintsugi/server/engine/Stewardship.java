package io.kintsugi.server.engine;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.Resolver.Occasion;
import io.kintsugi.server.engine.Resolver.Occasion.PairKey;
import io.kintsugi.server.engine.Resolver.Outcome;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What stewards decide. A decision is a verdict between records, stored for ever, and a resolution in the same transaction. Previews
 * run the decision itself and roll it back, so they say exactly what would happen. Thread-safe.
 */
public final class Stewardship {
    private final HubStore store;
    private final Resolver resolver;
    private final Clock clock;
    private final HubEvents events;
    private final PlannedWrites plannedWrites;

    public Stewardship(HubStore store, LiveModel model, Resolver resolver, Clock clock, HubEvents events) {
        this.store = store;
        this.resolver = resolver;
        this.clock = clock;
        this.events = events;
        this.plannedWrites = new PlannedWrites(model);
    }

    /** A write that would go to a system. */
    public record PlannedWrite(String system, RecordKey target, String kind, Map<String, String> values) {}

    /** @param result the golden as it would be; {@code retired} ids would lead to it */
    public record MergePreview(
            GoldenRecord result, List<Member> members, List<String> retired, List<PlannedWrite> writes) {}

    /** @param results the goldens as they would be */
    public record UnmergePreview(
            List<GoldenRecord> results, Map<RecordKey, String> goldenOfRecord, List<PlannedWrite> writes) {}

    private record Decided<T>(T result, Outcome outcome) {}

    /**
     * Answers a question.
     *
     * @throws HubException {@code NOT_FOUND}; {@code REVISION_CONFLICT} if the review changed since it was read (MRG-7);
     *     {@code NOT_POSSIBLE} if it is not open or not a question about two goldens; {@code BAD_REQUEST} for REVIEW
     */
    public Review decide(String reviewId, long expectedRevision, Decision decision, String note, String by) {
        if (decision == Decision.REVIEW) {
            throw new HubException(HubErrorCode.BAD_REQUEST, "a decision is MATCH or NO_MATCH");
        }
        return commit(tx -> decide(tx, reviewId, expectedRevision, decision, note, by));
    }

    private Decided<Review> decide(
            HubTransaction tx, String reviewId, long expectedRevision, Decision decision, String note, String by) {
        var review = lock(tx, reviewId, expectedRevision);
        if (review.state() != ReviewState.OPEN) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "review " + reviewId + " is " + review.state()
                            + (review.decidedBy() == null ? "" : " by " + review.decidedBy()) + "; reload it");
        }
        if (review.kind() != Kind.CANDIDATE && review.kind() != Kind.DISPUTED) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE, "review " + reviewId + " is no question about two golden records");
        }
        var question = Question.parse(review.detail());
        var now = clock.instant();
        var verdicts = new Verdicts(tx, by, now);
        var sides = sides(tx, question);
        var all = new TreeSet<RecordKey>();
        sides.forEach(all::addAll);
        var pairs = decision == Decision.MATCH ? verdicts.same(all) : verdicts.different(sides);
        save(tx, decided(review, question, decision, pairs, null, note, by, now));
        var links = decision == Decision.MATCH ? pairs : List.<PairKey>of();
        var outcome = resolver.resolve(tx, all, new Occasion(Origin.STEWARD, Set.of(), by, note, links));
        var after = tx.reviews().find(List.of(reviewId)).get(reviewId);
        if (!outcome.absorptions().isEmpty()) {
            var survivor = outcome.absorptions().get(0).survivor();
            var event = tx.merges().ofGolden(survivor).get(0);
            after = decided(review, question, decision, pairs, event.id(), note, by, now);
            save(tx, after);
        }
        return new Decided<>(after, outcome);
    }

    /** The live records of the two goldens that the question is about. */
    private static List<TreeSet<RecordKey>> sides(HubTransaction tx, Question question) {
        var goldenOf = tx.goldens().goldenOf(List.of(question.keyA(), question.keyB()));
        var sides = new ArrayList<TreeSet<RecordKey>>();
        for (var key : List.of(question.keyA(), question.keyB())) {
            var side = new TreeSet<RecordKey>(Set.of(key));
            var golden = goldenOf.get(key);
            if (golden != null) side.addAll(live(tx, golden));
            sides.add(side);
        }
        if (sides.get(0).equals(sides.get(1))) { // joined meanwhile: only the pair itself can be told apart
            return List.of(new TreeSet<>(Set.of(question.keyA())), new TreeSet<>(Set.of(question.keyB())));
        }
        return sides;
    }

    private static TreeSet<RecordKey> live(HubTransaction tx, String goldenId) {
        var keys = new TreeSet<RecordKey>();
        for (var member : tx.goldens().members(List.of(goldenId)).getOrDefault(goldenId, List.of())) {
            if (member.record().state() == RecordState.LIVE)
                keys.add(member.record().key());
        }
        return keys;
    }

    /**
     * Takes a decision back: its verdicts are retracted, the goldens are what the rules say again, under the ids they had, and the
     * question is open again if it still arises.
     */
    public Review undo(String reviewId, long expectedRevision, String by) {
        return commit(tx -> {
            var review = lock(tx, reviewId, expectedRevision);
            if (review.state() != ReviewState.DECIDED) {
                throw new HubException(
                        HubErrorCode.NOT_POSSIBLE,
                        "review " + reviewId + " is " + review.state() + "; there is nothing to undo");
            }
            var question = Question.parse(review.detail());
            var now = clock.instant();
            var pairs = question.links().stream()
                    .map(pair -> new PairKey(RecordKey.parse(pair.get(0)), RecordKey.parse(pair.get(1))))
                    .toList();
            new Verdicts(tx, by, now).retract(pairs, review.decision());
            if (question.merge() != null) {
                tx.merges().find(question.merge()).ifPresent(event -> tx.merges()
                        .save(List.of(undone(event, now, by))));
            }
            save(tx, reopened(review, question, now));
            var outcome = resolver.resolve(
                    tx, ends(pairs, question), new Occasion(Origin.STEWARD, Set.of(), by, null, List.of()));
            return new Decided<>(tx.reviews().find(List.of(reviewId)).get(reviewId), outcome);
        });
    }

    private static TreeSet<RecordKey> ends(List<PairKey> pairs, Question question) {
        var ends = new TreeSet<RecordKey>(List.of(question.keyA(), question.keyB()));
        pairs.forEach(pair -> {
            ends.add(pair.a());
            ends.add(pair.b());
        });
        return ends;
    }

    /** What {@link #merge} would do now. */
    public MergePreview previewMerge(List<String> goldenIds, String survivorOrNull) {
        return dryRun(tx -> {
            var merged = merge(tx, goldenIds, survivorOrNull, Map.of(), null, "preview");
            var id = merged.result().survivor();
            return new MergePreview(
                    tx.goldens().find(List.of(id)).get(id),
                    tx.goldens().members(List.of(id)).get(id),
                    merged.result().absorbed(),
                    plannedWrites.of(tx, List.of(id)));
        });
    }

    /**
     * Makes goldens one.
     *
     * @param survivorOrNull id that goes on; null for the oldest
     * @param revisions revision of each golden as the caller saw it; goldens without an entry are not checked
     * @throws HubException {@code REVISION_CONFLICT} if one changed since (MRG-7)
     */
    public MergeEvent merge(
            List<String> goldenIds, String survivorOrNull, Map<String, Long> revisions, String note, String by) {
        return commit(tx -> merge(tx, goldenIds, survivorOrNull, revisions, note, by));
    }

    private Decided<MergeEvent> merge(
            HubTransaction tx,
            List<String> asked,
            String survivor,
            Map<String, Long> revisions,
            String note,
            String by) {
        var ids = new TreeSet<>(asked);
        if (ids.size() < 2)
            throw new HubException(HubErrorCode.BAD_REQUEST, "name at least two golden records to merge");
        if (survivor != null && !ids.contains(survivor)) {
            throw new HubException(
                    HubErrorCode.BAD_REQUEST, "the survivor " + survivor + " is not among the golden records");
        }
        tx.goldens().claim(ids);
        var goldens = tx.goldens().find(ids);
        String type = null;
        for (var id : ids) {
            var golden = goldens.get(id);
            if (golden == null) throw new HubException(HubErrorCode.NOT_FOUND, "there is no golden record " + id);
            if (golden.state() != GoldenState.ACTIVE) {
                throw new HubException(
                        HubErrorCode.NOT_POSSIBLE,
                        "golden " + id + " is " + golden.state()
                                + (golden.redirectsTo() == null ? "" : " into " + golden.redirectsTo()) + "; reload");
            }
            var expected = revisions.get(id);
            if (expected != null && expected != golden.revision()) {
                throw new HubException(
                        HubErrorCode.REVISION_CONFLICT,
                        "golden " + id + " is at revision " + golden.revision() + ", you sent " + expected
                                + "; reload and retry");
            }
            if (type != null && !type.equals(golden.entityType())) {
                throw new HubException(
                        HubErrorCode.UNPROCESSABLE, "golden records of different entity types cannot merge");
            }
            type = golden.entityType();
        }
        var records = new TreeSet<RecordKey>();
        for (var id : ids) records.addAll(live(tx, id));
        var links = new Verdicts(tx, by, clock.instant()).same(records);
        var chosen = survivor == null ? Set.<String>of() : Set.of(survivor);
        var outcome = resolver.resolve(tx, records, new Occasion(Origin.STEWARD, chosen, by, note, links));
        if (outcome.absorptions().size() != 1) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "these golden records cannot be one: a standing verdict keeps some of them apart");
        }
        var event =
                tx.merges().ofGolden(outcome.absorptions().get(0).survivor()).get(0);
        return new Decided<>(event, outcome);
    }

    /** What {@link #unmerge} would do now. */
    public UnmergePreview previewUnmerge(String mergeId) {
        return dryRun(tx -> {
            var event = unmerge(tx, mergeId, null, "preview").result();
            var ids = new TreeSet<>(event.absorbed());
            ids.add(tx.goldens().currentId(event.survivor()));
            var goldenOf = new TreeMap<RecordKey, String>();
            tx.goldens()
                    .members(ids)
                    .forEach((id, members) -> members.forEach(
                            member -> goldenOf.put(member.record().key(), id)));
            return new UnmergePreview(
                    List.copyOf(tx.goldens().find(ids).values()), goldenOf, plannedWrites.of(tx, ids));
        });
    }

    /**
     * Takes a merge apart. The absorbed goldens are in use again under their ids with the records they brought (ID-3); a verdict keeps
     * them apart. What was edited since stays with the record that was edited.
     */
    public MergeEvent unmerge(String mergeId, String note, String by) {
        return commit(tx -> unmerge(tx, mergeId, note, by));
    }

    private Decided<MergeEvent> unmerge(HubTransaction tx, String mergeId, String note, String by) {
        var event = tx.merges()
                .find(mergeId)
                .orElseThrow(() -> new HubException(HubErrorCode.NOT_FOUND, "there is no merge " + mergeId));
        if (event.undoneAt() != null) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "merge " + mergeId + " was undone by " + event.undoneBy() + " at " + event.undoneAt());
        }
        var now = clock.instant();
        var survivor = tx.goldens().currentId(event.survivor());
        tx.goldens().claim(new TreeSet<>(Set.of(survivor)));
        var groups = new TreeMap<String, TreeSet<RecordKey>>();
        var moved = new TreeSet<RecordKey>();
        for (var move : event.moved()) {
            groups.computeIfAbsent(move.from(), id -> new TreeSet<>()).add(move.record());
            moved.add(move.record());
        }
        var members = tx.goldens().members(List.of(survivor)).getOrDefault(survivor, List.of());
        for (var member : members) {
            boolean there = !member.membership().since().isAfter(event.at());
            if (there && !moved.contains(member.record().key())) {
                groups.computeIfAbsent(survivor, id -> new TreeSet<>())
                        .add(member.record().key());
            }
        }
        var verdicts = new Verdicts(tx, by, now);
        verdicts.retract(
                event.links().stream()
                        .map(pair -> new PairKey(pair.a(), pair.b()))
                        .toList(),
                Decision.MATCH);
        verdicts.different(List.copyOf(groups.values()));
        var after = undone(event, now, by);
        tx.merges().save(List.of(after));
        var records = new TreeSet<>(live(tx, survivor));
        records.addAll(moved);
        var outcome = resolver.resolve(tx, records, new Occasion(Origin.STEWARD, Set.of(), by, note, List.of()));
        return new Decided<>(after, outcome);
    }

    private static MergeEvent undone(MergeEvent event, Instant now, String by) {
        return new MergeEvent(
                event.id(),
                event.entityType(),
                event.survivor(),
                event.absorbed(),
                event.moved(),
                event.links(),
                event.origin(),
                event.by(),
                event.note(),
                event.at(),
                now,
                by);
    }

    private Review lock(HubTransaction tx, String id, long expectedRevision) {
        var review = tx.reviews()
                .lock(id)
                .orElseThrow(() -> new HubException(HubErrorCode.NOT_FOUND, "there is no review " + id));
        if (review.revision() != expectedRevision) {
            throw new HubException(
                    HubErrorCode.REVISION_CONFLICT,
                    "review " + id + " is at revision " + review.revision() + ", you sent " + expectedRevision
                            + "; reload and retry");
        }
        return review;
    }

    private static void save(HubTransaction tx, Review review) {
        tx.reviews().save(List.of(review));
    }

    private static Review decided(
            Review review,
            Question question,
            Decision decision,
            List<PairKey> pairs,
            String merge,
            String note,
            String by,
            Instant now) {
        var links = pairs.stream()
                .map(pair -> List.of(pair.a().toString(), pair.b().toString()))
                .toList();
        return new Review(
                review.id(),
                review.kind(),
                ReviewState.DECIDED,
                review.entityType(),
                review.goldens(),
                review.records(),
                review.score(),
                review.reason(),
                new Question(question.a(), question.b(), links, merge).toJson(),
                review.revision() + 1,
                review.openedAt(),
                now,
                by,
                decision,
                note);
    }

    private static Review reopened(Review review, Question question, Instant now) {
        return new Review(
                review.id(),
                review.kind(),
                ReviewState.OPEN,
                review.entityType(),
                review.goldens(),
                review.records(),
                review.score(),
                review.reason(),
                new Question(question.a(), question.b(), List.of(), null).toJson(),
                review.revision() + 1,
                now,
                null,
                null,
                null,
                null);
    }

    private <T> T commit(Function<HubTransaction, Decided<T>> work) {
        var decided = store.write(work::apply);
        resolver.announce(decided.outcome());
        events.publish("review.changed", Map.of("decided", 1));
        return decided.result();
    }

    /** Runs work in a transaction that is rolled back. */
    private <T> T dryRun(Function<HubTransaction, T> work) {
        try {
            return store.write(tx -> {
                throw new RolledBack(work.apply(tx));
            });
        } catch (RolledBack e) {
            @SuppressWarnings("unchecked") // what this very call put in
            var result = (T) e.result;
            return result;
        }
    }

    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Object result;

        RolledBack(Object result) {
            super(null, null, false, false);
            this.result = result;
        }
    }
}
