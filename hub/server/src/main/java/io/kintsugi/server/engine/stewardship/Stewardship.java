package io.kintsugi.server.engine.stewardship;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.core.lifecycle.MergePlan;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.deletion.DeletionAnswers;
import io.kintsugi.server.engine.deletion.DeletionQuestions;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.resolution.Resolver.Occasion;
import io.kintsugi.server.engine.resolution.Resolver.Outcome;
import io.kintsugi.server.engine.resolution.Verdicts;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.RolledBack;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What stewards decide. A decision is a verdict between records, stored for ever, and a resolution in the same transaction. Previews
 * run the decision itself and roll it back, so they say exactly what would happen. Thread-safe.
 */
public final class Stewardship {
    private final HubStore store;
    private final LiveModel model;
    private final Resolver resolver;
    private final Clock clock;
    private final HubEvents events;
    private final PlannedWrites plannedWrites;
    private final Function<String, Catalog> catalogs;

    /** @param catalogs what a system offers; gives null for one that has not answered yet */
    public Stewardship(
            HubStore store,
            LiveModel model,
            Resolver resolver,
            Clock clock,
            HubEvents events,
            Function<String, Catalog> catalogs) {
        this.catalogs = catalogs;
        this.store = store;
        this.model = model;
        this.resolver = resolver;
        this.clock = clock;
        this.events = events;
        this.plannedWrites = new PlannedWrites(model, catalogs);
    }

    /**
     * A write that would go to a system.
     *
     * @param target the record that is changed or asked back; null if one is created
     * @param kind CREATE, UPDATE or UNDELETE
     * @param values what is written; for an UNDELETE, once the record is back
     * @param waits whether it is sent only once the open question about the golden is decided
     */
    public record PlannedWrite(
            String system, RecordKey target, String kind, Map<String, String> values, boolean waits) {}

    /** @param result the golden as it would be; {@code retired} ids would lead to it */
    public record MergePreview(
            GoldenRecord result,
            List<Member> members,
            List<String> retired,
            List<PlannedWrite> writes,
            MergePlan plan) {}

    /**
     * @param results the goldens as they would be
     * @param merges ids of the merges that would be taken back, the one that was asked first
     */
    public record UnmergePreview(
            List<GoldenRecord> results,
            Map<RecordKey, String> goldenOfRecord,
            List<PlannedWrite> writes,
            List<String> merges) {}

    /**
     * What is asked about deleted records.
     *
     * @param deletion the one it is about; null if it is all that the brake of a system holds back
     * @param system null for a single deletion
     */
    public record AboutDeletions(String deletion, String system) {}

    /** What a review asks about deleted records; empty for any other question. */
    public static Optional<AboutDeletions> deletions(Review review) {
        if (review.kind() != Kind.DELETED) return Optional.empty();
        var about = DeletionQuestions.About.parse(review);
        return Optional.of(new AboutDeletions(about.deletion(), about.system()));
    }

    /** Ids of the reviews that may ask about a deletion; there need not be any. */
    public static Set<String> questions(Deletion deletion) {
        return DeletionQuestions.ids(deletion);
    }

    /** What a decision made, and what the resolution behind it did. */
    record Decided<T>(T result, Outcome outcome) {}

    /**
     * Answers a question.
     *
     * @param goldenOrNull for a record that fits several goldens, and {@code MATCH}: the one it belongs to. Else ignored
     * @throws HubException {@code NOT_FOUND}; {@code REVISION_CONFLICT} if the review changed since it was read (MRG-7);
     *     {@code NOT_POSSIBLE} if it is not open or not a question about goldens; {@code BAD_REQUEST} for REVIEW, or if the golden is none of
     *     those the record fits
     */
    public Review decide(
            String reviewId, long expectedRevision, Decision decision, String goldenOrNull, String note, String by) {
        if (decision == Decision.REVIEW) {
            throw new HubException(HubErrorCode.BAD_REQUEST, "a decision is MATCH or NO_MATCH");
        }
        return commit(tx -> new Answers(tx, resolver, by, clock.instant())
                .decide(reviewId, expectedRevision, decision, goldenOrNull, note));
    }

    /**
     * Takes a decision back: its verdicts are retracted, the goldens are what the rules say again, under the ids they had, and the
     * question is open again if it still arises.
     *
     * @throws HubException {@code NOT_FOUND}; {@code REVISION_CONFLICT} if the review changed since it was read; {@code NOT_POSSIBLE}
     *     if it is not decided, or not a question about two goldens
     */
    public Review undo(String reviewId, long expectedRevision, String by) {
        return commit(tx -> new Answers(tx, resolver, by, clock.instant()).undo(reviewId, expectedRevision));
    }

    /** Answers a question about two goldens. */
    public Review decide(String reviewId, long expectedRevision, Decision decision, String note, String by) {
        return decide(reviewId, expectedRevision, decision, null, note, by);
    }

    /** What {@link #merge} would do now. */
    public MergePreview previewMerge(List<String> goldenIds, String survivorOrNull) {
        return dryRun(tx -> {
            var sides = List.copyOf(tx.goldens().members(goldenIds).values());
            var merged = merge(tx, goldenIds, survivorOrNull, Map.of(), null, "preview");
            var id = merged.result().survivor();
            var result = tx.goldens().find(List.of(id)).get(id);
            var writes = plannedWrites.of(tx, List.of(id));
            var plans = new MergePlans(model.get(), model.rules(result.entityType()), catalogs);
            return new MergePreview(
                    result,
                    tx.goldens().members(List.of(id)).get(id),
                    merged.result().absorbed(),
                    writes,
                    plans.of(sides, result, writes));
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
        for (var id : ids) {
            var live = Answers.live(tx, id);
            if (live.isEmpty())
                throw new HubException(HubErrorCode.NOT_POSSIBLE, "no record of golden " + id + " is there any more");
            records.addAll(live);
        }
        var links = new Verdicts(tx, by, clock.instant()).same(records);
        var chosen = survivor == null ? Set.<String>of() : Set.of(survivor);
        var outcome = resolver.resolve(tx, records, new Occasion(Origin.STEWARD, chosen, by, note, links));
        var made = outcome.absorptions().stream() // rules may make others one at the same time
                .filter(one -> Stream.concat(Stream.of(one.survivor()), one.absorbed().stream())
                        .toList()
                        .containsAll(ids))
                .findFirst()
                .orElseThrow(() -> new HubException(
                        HubErrorCode.NOT_POSSIBLE,
                        "these golden records cannot be one: a standing verdict keeps some of them apart"));
        var event = tx.merges().ofGolden(made.survivor()).get(0);
        return new Decided<>(event, outcome);
    }

    /** What {@link #unmerge} would do now. */
    public UnmergePreview previewUnmerge(String mergeId, UnmergeMode mode) {
        return dryRun(tx -> {
            var undone = unmerging(tx, "preview").takeBack(mergeId, mode, null).events();
            var ids = new TreeSet<String>();
            for (var event : undone) {
                ids.add(tx.goldens().currentId(event.survivor()));
                for (var id : event.absorbed()) ids.add(tx.goldens().currentId(id));
            }
            var goldenOf = new TreeMap<RecordKey, String>();
            tx.goldens()
                    .members(ids)
                    .forEach((id, members) -> members.forEach(
                            member -> goldenOf.put(member.record().key(), id)));
            return new UnmergePreview(
                    List.copyOf(tx.goldens().find(ids).values()),
                    goldenOf,
                    plannedWrites.of(tx, ids),
                    undone.stream().map(MergeEvent::id).toList());
        });
    }

    /**
     * Takes a merge apart, and in a tree those behind the goldens that it absorbed. These are in use again under their ids with the
     * records they brought (ID-3); a verdict keeps them apart. What was edited since stays with the record that was edited.
     *
     * @param revision of the golden that the merge's survivor is now
     * @return the merge that was asked
     * @throws HubException {@code REVISION_CONFLICT} if it changed since (MRG-7)
     */
    public MergeEvent unmerge(String mergeId, UnmergeMode mode, long revision, String note, String by) {
        return commit(tx -> {
            tx.merges().find(mergeId).filter(event -> event.undoneAt() == null).ifPresent(event -> {
                var id = tx.goldens().currentId(event.survivor());
                tx.goldens().claim(new TreeSet<>(Set.of(id)));
                long now = tx.goldens().find(List.of(id)).get(id).revision();
                if (now != revision) {
                    throw new HubException(
                            HubErrorCode.REVISION_CONFLICT,
                            "golden " + id + " is at revision " + now + ", you sent " + revision
                                    + "; reload and retry");
                }
            });
            var outcome = unmerging(tx, by).takeBack(mergeId, mode, note).outcome();
            return new Decided<>(tx.merges().find(mergeId).orElseThrow(), outcome);
        });
    }

    private Unmerging unmerging(HubTransaction tx, String by) {
        return new Unmerging(tx, resolver, by, clock.instant());
    }

    /** @param result the golden as it would be */
    public record ValuePreview(GoldenRecord result, List<PlannedWrite> writes) {}

    /** What {@link #giveValue} would do now. */
    public ValuePreview previewValue(
            String goldenId, String attribute, String value, LifeCycle lifeCycleOrNull, Instant untilOrNull) {
        return dryRun(tx -> {
            var given = new GivenValues(tx, model, resolver, "preview", clock.instant())
                    .give(goldenId, null, attribute, value, lifeCycleOrNull, untilOrNull, null);
            return new ValuePreview(given.result(), plannedWrites.of(tx, List.of(goldenId)));
        });
    }

    /**
     * Gives a golden a value that survives whatever systems hold, for as long as its life-cycle says (DA-6).
     *
     * @param value empty text: it has no such value
     * @param lifeCycleOrNull null for what the policy says
     * @throws HubException {@code NOT_FOUND}; {@code REVISION_CONFLICT}; {@code UNPROCESSABLE} for an unknown attribute;
     *     {@code NOT_POSSIBLE} if it would end at once
     */
    public GoldenRecord giveValue(
            String goldenId,
            long revision,
            String attribute,
            String value,
            LifeCycle lifeCycleOrNull,
            Instant untilOrNull,
            String note,
            String by) {
        return commit(tx -> new GivenValues(tx, model, resolver, by, clock.instant())
                .give(goldenId, revision, attribute, value, lifeCycleOrNull, untilOrNull, note));
    }

    /** Ends a value that a steward gave; what the systems say survives again. */
    public GoldenRecord takeValueBack(String goldenId, long revision, String attribute, String note, String by) {
        return commit(tx -> new GivenValues(tx, model, resolver, by, clock.instant())
                .takeBack(goldenId, revision, attribute, note));
    }

    /** Accepts or rejects what a system that is not trusted proposes by a change (DA-3). */
    public Review answerProposal(String reviewId, long revision, boolean accepts, String note, String by) {
        return commit(tx ->
                new GivenValues(tx, model, resolver, by, clock.instant()).answer(reviewId, revision, accepts, note));
    }

    /**
     * Answers a question about deleted records.
     *
     * @param deletes whether the records are deleted in the systems in question, or kept
     * @throws HubException {@code NOT_FOUND}; {@code REVISION_CONFLICT}; {@code NOT_POSSIBLE} if the review is no open question about
     *     deletions
     */
    public Review answerDeletion(String reviewId, long revision, boolean deletes, String note, String by) {
        return commit(tx ->
                new Decided<>(deletionAnswers(tx, by).answer(reviewId, revision, deletes, note), Outcome.NOTHING));
    }

    /** What {@link #delete} would do now. */
    public Deletion previewDelete(String goldenId) {
        return dryRun(tx -> deletionAnswers(tx, "preview").delete(goldenId, null));
    }

    /**
     * Deletes a golden record in its systems, each as the row of the hub in the delete policy says: with grace, brake and questions
     * like a deletion that a system made.
     *
     * @throws HubException {@code NOT_FOUND}; {@code REVISION_CONFLICT}; {@code NOT_POSSIBLE} if it is not in use
     */
    public Deletion delete(String goldenId, long revision, String by) {
        return commit(tx -> new Decided<>(deletionAnswers(tx, by).delete(goldenId, revision), Outcome.NOTHING));
    }

    /**
     * Undoes what followed from a deletion (DEL-10): deleted records are brought back where their system can and are created again
     * elsewhere, with the values the golden record had, under the same golden id; disconnected and severed ones join it again; what was still to be done is not done.
     *
     * @throws HubException {@code NOT_FOUND}; {@code REVISION_CONFLICT}; {@code NOT_POSSIBLE} if every record is there
     */
    public Deletion restore(String deletionId, long revision, String by) {
        return commit(tx -> {
            var restored = deletionAnswers(tx, by).restore(deletionId, revision);
            return new Decided<>(restored.deletion(), again(tx, restored.rejoined(), by));
        });
    }

    /** Takes a record back that left its golden record when another system deleted it. */
    public void reconnect(RecordKey record, String by) {
        commit(tx ->
                new Decided<>(record, again(tx, Set.of(deletionAnswers(tx, by).reconnect(record)), by)));
    }

    private DeletionAnswers deletionAnswers(HubTransaction tx, String by) {
        return new DeletionAnswers(tx, model, by, clock.instant());
    }

    private Outcome again(HubTransaction tx, Set<RecordKey> records, String by) {
        return resolver.resolve(tx, records, new Occasion(Origin.STEWARD, Set.of(), by, null, List.of()));
    }

    private <T> T commit(Function<HubTransaction, Decided<T>> work) {
        var decided = store.write(work::apply);
        resolver.announce(decided.outcome());
        events.publish("review.changed", Map.of("decided", 1));
        return decided.result();
    }

    /** Runs work in a transaction that is rolled back. */
    private <T> T dryRun(Function<HubTransaction, T> work) {
        return RolledBack.run(store, work);
    }
}
