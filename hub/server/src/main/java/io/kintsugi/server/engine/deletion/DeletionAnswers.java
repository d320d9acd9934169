package io.kintsugi.server.engine.deletion;

import static java.util.stream.Collectors.toSet;

import io.kintsugi.core.lifecycle.DeletePlan;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Outbox.Marker;
import io.kintsugi.server.engine.deletion.DeletionQuestions.About;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.ReferenceBook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What one person decides about deletions, in one transaction. */
public final class DeletionAnswers {
    private static final int PAGE = 500;

    private final HubTransaction tx;
    private final LiveModel model;
    private final String by;
    private final Instant now;

    public DeletionAnswers(HubTransaction tx, LiveModel model, String by, Instant now) {
        this.tx = tx;
        this.model = model;
        this.by = by;
        this.now = now;
    }

    /** @param deletes whether the records are deleted, or kept */
    public Review answer(String reviewId, long expected, boolean deletes, String note) {
        var review = tx.reviews().find(List.of(reviewId)).get(reviewId);
        if (review == null) throw new HubException(HubErrorCode.NOT_FOUND, "there is no review " + reviewId);
        if (review.kind() != Kind.DELETED || review.state() != ReviewState.OPEN) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "review " + reviewId + " is " + review.kind() + " and " + review.state()
                            + "; only open questions about deletions are answered so");
        }
        var about = About.parse(review);
        if (about.deletion() != null) {
            decide(List.of(about.deletion()), step -> step.state() == StepState.ASKED, deletes);
        } else {
            var filter =
                    new Deletions.Filter(about.entityType(), null, about.system(), DeletionState.OPEN, StepState.HELD);
            String cursor = null;
            do { // what is decided leaves the list, and a cursor is the place of the last one shown
                var page = tx.deletions().list(filter, cursor, PAGE);
                decide(
                        page.items().stream().map(Deletion::id).toList(),
                        step -> step.state() == StepState.HELD && step.system().equals(about.system()),
                        deletes);
                cursor = page.next();
            } while (cursor != null);
        }
        var locked = tx.reviews().lock(reviewId).orElseThrow();
        if (locked.revision() != expected) {
            throw new HubException(
                    HubErrorCode.REVISION_CONFLICT,
                    "review " + reviewId + " is at revision " + locked.revision() + ", you sent " + expected
                            + "; reload and retry");
        }
        var answered = locked.closed(
                ReviewState.DECIDED, by, (deletes ? "deleted" : "kept") + (note == null ? "" : ": " + note), now);
        tx.reviews().save(List.of(answered));
        return answered;
    }

    private void decide(List<String> ids, Predicate<Step> asked, boolean deletes) {
        var goldenOf = DeletionBook.claimGoldensOf(tx, tx.deletions().find(ids).values());
        var markers = new ArrayList<Marker>();
        var save = new ArrayList<Deletion>();
        for (var deletion : tx.deletions().lock(new TreeSet<>(ids)).values()) {
            for (var step : deletion.steps()) {
                if (asked.test(step) && deletes) markers.add(marker(goldenOf.get(deletion.id()), deletion, step));
            }
            save.add(deletion.withSteps(
                    step -> !asked.test(step)
                            ? step
                            : deletes ? step.approved(by, now) : step.to(StepState.KEPT, "kept by " + by, now),
                    now));
        }
        tx.deletions().save(save);
        tx.outbox().mark(markers);
    }

    private Marker marker(String golden, Deletion deletion, Step step) {
        return new Marker(golden, step.system(), deletion.entityType(), step.target(), now, Cause.DECISION);
    }

    /** A person deletes a golden record: the same as if a system had, by the row of the hub in the policy. */
    public Deletion delete(String goldenId, Long revision) {
        tx.goldens().claim(new TreeSet<>(Set.of(goldenId)));
        var golden = tx.goldens().find(List.of(goldenId)).get(goldenId);
        if (golden == null) throw new HubException(HubErrorCode.NOT_FOUND, "there is no golden record " + goldenId);
        if (golden.state() != GoldenState.ACTIVE) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE, "golden " + goldenId + " is " + golden.state() + "; reload");
        }
        if (revision != null && golden.revision() != revision) {
            throw new HubException(
                    HubErrorCode.REVISION_CONFLICT,
                    "golden " + goldenId + " is at revision " + golden.revision() + ", you sent " + revision
                            + "; reload and retry");
        }
        for (var other : tx.deletions().ofGolden(goldenId)) {
            if (other.origin() == null && other.state() == DeletionState.OPEN) {
                throw new HubException(
                        HubErrorCode.NOT_POSSIBLE,
                        "golden " + goldenId + " is being deleted since " + other.seenAt() + "; see deletion "
                                + other.id());
            }
        }
        var facts = new DeletePlan.Facts(goldenId, members(goldenId), system -> false, false);
        var type = golden.entityType();
        var deletion = DeletePlan.plan(
                        Deletion.asked(goldenId, type, now), facts, model.get().deletes(type), now)
                .under(model.get().policies(type));
        tx.deletions().save(List.of(deletion));
        new DeletionQuestions(tx, now).ask(List.of(deletion));
        return deletion;
    }

    /** @param rejoined records that are live again and wait for their resolution */
    public record Restored(Deletion deletion, Set<RecordKey> rejoined) {}

    /** Undoes what a deletion did: records are created again, and those that left their golden join it. */
    public Restored restore(String id, long expected) {
        var found = tx.deletions().find(List.of(id)).get(id);
        if (found == null) throw new HubException(HubErrorCode.NOT_FOUND, "there is no deletion " + id);
        if (found.goldenId() == null) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE, "the deleted record was part of no golden record, so nothing followed");
        }
        var golden = DeletionBook.claimGoldensOf(tx, List.of(found)).get(id);
        var members = members(golden);
        var keys = new TreeSet<RecordKey>();
        members.forEach(member -> keys.add(member.key()));
        var records = tx.records().lock(keys);
        var deletion = tx.deletions().lock(new TreeSet<>(Set.of(id))).get(id);
        if (deletion.revision() != expected) {
            throw new HubException(
                    HubErrorCode.REVISION_CONFLICT,
                    "deletion " + id + " is at revision " + deletion.revision() + ", you sent " + expected
                            + "; reload and retry");
        }
        var rejoin = new ArrayList<SourceRecord>();
        var steps = new ArrayList<Step>();
        for (var step : deletion.steps()) {
            var record = step.target() == null ? null : records.get(step.target());
            if (step.action() == Action.PROPAGATE
                    && (step.state() == StepState.DONE || step.state() == StepState.SENT)) {
                steps.add(restoring(step.system()));
            } else if (step.state() == StepState.DONE && record != null && outside(record)) {
                rejoin.add(record.withState(RecordState.LIVE));
                steps.add(step.to(StepState.CANCELLED, "taken back by " + by, now));
            } else {
                steps.add(step.state().over() ? step : step.to(StepState.CANCELLED, "restored by " + by, now));
            }
        }
        restoreOrigin(deletion, members, steps);
        steps.sort(Comparator.comparing(Step::system)
                .thenComparing(Step::target, Comparator.nullsFirst(Comparator.naturalOrder())));
        var after = deletion.withSteps(golden, steps, now);
        if (rejoin.isEmpty() && after.steps().stream().noneMatch(step -> step.state() == StepState.RESTORING)) {
            throw new HubException(HubErrorCode.NOT_POSSIBLE, "there is nothing to restore: every record is there");
        }
        tx.records().save(rejoin);
        new ReferenceBook(tx, model.get())
                .cameBack(rejoin.stream().map(SourceRecord::key).toList());
        tx.deletions().save(List.of(after));
        new DeletionQuestions(tx, now).ask(List.of(after));
        tx.outbox()
                .mark(after.steps().stream()
                        .filter(step -> step.state() == StepState.RESTORING)
                        .map(step -> new Marker(golden, step.system(), after.entityType(), null, now, Cause.DECISION))
                        .toList());
        return new Restored(after, rejoin.stream().map(SourceRecord::key).collect(toSet()));
    }

    private void restoreOrigin(Deletion deletion, List<SourceRecord> members, List<Step> steps) {
        if (deletion.origin() == null) return;
        var system = deletion.origin().system();
        boolean there = members.stream()
                .anyMatch(member ->
                        member.state().resolves() && member.key().system().equals(system));
        boolean planned =
                steps.stream().anyMatch(step -> step.system().equals(system) && step.state() == StepState.RESTORING);
        boolean creatable = DeletionBook.writable(model.get(), system, deletion.entityType())
                .isPresent();
        if (!there && !planned && creatable) steps.add(restoring(system));
    }

    private Step restoring(String system) {
        return new Step(system, null, Action.RECREATE, StepState.RESTORING, by, "restored by " + by, now, now);
    }

    private static boolean outside(SourceRecord record) {
        return record.state() == RecordState.DISCONNECTED || record.state() == RecordState.SEVERED;
    }

    /** Takes a record back that left its golden when another system deleted it. */
    public RecordKey reconnect(RecordKey key) {
        var record = tx.records().lock(new TreeSet<>(Set.of(key))).get(key);
        if (record == null) throw new HubException(HubErrorCode.NOT_FOUND, "there is no record " + key);
        if (!outside(record)) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "record " + key + " is " + record.state() + "; only disconnected and severed ones are taken back");
        }
        tx.records().save(List.of(record.withState(RecordState.LIVE)));
        new ReferenceBook(tx, model.get()).cameBack(List.of(key));
        return key;
    }

    private List<SourceRecord> members(String goldenId) {
        return tx.goldens().members(List.of(goldenId)).getOrDefault(goldenId, List.of()).stream()
                .map(Member::record)
                .toList();
    }
}
