package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.ErasureState;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.store.Erasures;
import io.kintsugi.core.store.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

final class MemoryErasures implements Erasures {
    private static final Pages<Erasure> NEWEST_FIRST = Pages.newestFirst(Erasure::askedAt, Erasure::id);
    private static final Pages<Blocked> LAST_FIRST = Pages.newestFirst(Blocked::last, Blocked::key);
    private static final Pages<Suppression> BY_HASH = new Pages<>(Suppression::hash, Suppression::erasureId, false);
    private static final String SECRET = "secret";
    private final Ledger ledger;
    private final Whole whole;
    private final Table<String, String> secrets;
    private final Table<String, Erasure> rows;
    private final Table<Suppression, Boolean> suppressions;
    private final Table<String, Blocked> blocked;

    /** Everything that a record can be tied to. */
    record Whole(
            MemoryRecords records,
            MemoryBlocks blocks,
            MemoryLinks links,
            MemoryReferences references,
            MemoryGoldens goldens,
            MemoryMerges merges,
            MemoryReviews reviews,
            MemoryOutbox outbox,
            MemoryDeletions deletions,
            MemoryJournal journal) {}

    MemoryErasures(Ledger ledger, Whole whole) {
        this.ledger = ledger;
        this.whole = whole;
        secrets = new Table<>(ledger);
        rows = new Table<>(ledger);
        suppressions = new Table<>(ledger);
        blocked = new Table<>(ledger);
    }

    @Override
    public Optional<String> secret() {
        return Optional.ofNullable(secrets.get(SECRET));
    }

    @Override
    public String keepSecret(String candidate) {
        ledger.requireWriting();
        if (!secrets.has(SECRET)) secrets.put(SECRET, candidate);
        return secrets.get(SECRET);
    }

    @Override
    public void save(Collection<Erasure> erasures) {
        ledger.requireWriting();
        for (var erasure : erasures) rows.put(erasure.id(), erasure);
    }

    @Override
    public Map<String, Erasure> find(Collection<String> ids) {
        return rows.find(ids);
    }

    @Override
    public Map<String, Erasure> lock(SortedSet<String> ids) {
        ledger.requireWriting();
        return rows.find(ids);
    }

    @Override
    public List<Erasure> open() {
        return rows.all().values().stream()
                .filter(erasure -> erasure.state() != ErasureState.DONE)
                .toList();
    }

    @Override
    public Optional<Erasure> ofGolden(String goldenId) {
        return rows.all().values().stream()
                .filter(erasure -> erasure.goldenIds().contains(goldenId))
                .min(NEWEST_FIRST.order());
    }

    @Override
    public Page<Erasure> list(ErasureState state, String cursor, int limit) {
        return NEWEST_FIRST.cut(shown(state), cursor, limit);
    }

    @Override
    public Page<Erasure> listOldestFirst(ErasureState state, String cursor, int limit) {
        return NEWEST_FIRST.turned().cut(shown(state), cursor, limit);
    }

    private List<Erasure> shown(ErasureState state) {
        return rows.all().values().stream()
                .filter(erasure -> state == null || erasure.state() == state)
                .toList();
    }

    @Override
    public void suppress(Collection<Suppression> more) {
        ledger.requireWriting();
        for (var suppression : more) suppressions.put(suppression, true);
    }

    @Override
    public boolean suppressing() {
        return !suppressions.all().isEmpty();
    }

    @Override
    public Map<String, String> suppressed(Collection<String> hashes) {
        var found = new TreeMap<String, String>();
        for (var hash : hashes) {
            var first = suppressions.all().ceilingKey(new Suppression(hash, ""));
            if (first != null && first.hash().equals(hash)) found.put(hash, first.erasureId());
        }
        return found;
    }

    @Override
    public Page<Suppression> suppressions(String cursor, int limit) {
        return BY_HASH.cut(suppressions.all().keySet(), cursor, limit);
    }

    @Override
    public long lift(String erasureId) {
        ledger.requireWriting();
        var gone = suppressions.all().keySet().stream()
                .filter(suppression -> suppression.erasureId().equals(erasureId))
                .toList();
        gone.forEach(suppressions::remove);
        return gone.size();
    }

    @Override
    public void note(Collection<Blocked> more) {
        ledger.requireWriting();
        for (var row : more) {
            var known = blocked.get(row.key());
            blocked.put(
                    row.key(),
                    known == null
                            ? row
                            : new Blocked(
                                    row.erasureId(),
                                    row.system(),
                                    row.stream(),
                                    row.hash(),
                                    known.rows() + row.rows(),
                                    known.first(),
                                    row.last()));
        }
    }

    @Override
    public Page<Blocked> blocked(String erasureId, String system, String cursor, int limit) {
        return LAST_FIRST.cut(shown(erasureId, system), cursor, limit);
    }

    @Override
    public Page<Blocked> blockedOldestFirst(String erasureId, String system, String cursor, int limit) {
        return LAST_FIRST.turned().cut(shown(erasureId, system), cursor, limit);
    }

    private List<Blocked> shown(String erasureId, String system) {
        return blocked.all().values().stream()
                .filter(row -> row.erasureId().equals(erasureId))
                .filter(row -> system == null || row.system().equals(system))
                .toList();
    }

    @Override
    public Map<String, Long> remove(Remains remains) {
        ledger.requireWriting();
        var counts = new TreeMap<String, Long>();
        var keys = new TreeSet<>(remains.records());
        long records = whole.records().find(keys).size();
        counts.put(
                "reviews",
                whole.reviews()
                        .remove(review -> review.records().stream().anyMatch(keys::contains)
                                || review.goldens().stream().anyMatch(remains.goldens()::contains)
                                || review.kind() == Review.Kind.UNMAPPABLE && holds(review, remains.texts())));
        counts.put(
                "outboundChanges",
                whole.outbox()
                        .remove(change -> remains.goldens().contains(change.goldenId())
                                || change.target() != null && keys.contains(change.target())));
        counts.put("deletions", whole.deletions().remove(remains.goldens(), keys));
        counts.put("merges", whole.merges().remove(remains.goldens(), remains.records()));
        counts.put("links", whole.links().remove(keys));
        counts.put("answers", whole.journal().removeAnswers(remains.texts()));
        whole.references().remove(keys);
        counts.put("blockKeys", whole.blocks().remove(keys, remains.blockKeys()));
        whole.goldens().unseat(keys);
        counts.put("records", records);
        counts.put("formerRecordValues", whole.records().remove(keys));
        counts.put("goldenHistory", histories(remains));
        whole.goldens().save(leftBehind(remains), List.of());
        var goldens = whole.goldens().find(remains.goldens()).values();
        counts.put("goldens", (long) goldens.size());
        whole.goldens()
                .save(
                        goldens.stream()
                                .map(golden -> emptied(golden, remains.at()))
                                .toList(),
                        goldens.stream()
                                .map(golden -> erased(golden, remains.at(), remains.policies()))
                                .toList());
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    private static boolean holds(Review review, Collection<String> texts) {
        var said = review.reason() + " " + review.detail();
        return texts.stream().anyMatch(said::contains);
    }

    private long histories(Remains remains) {
        long count = 0;
        for (var id : remains.goldens()) count += whole.goldens().forget(id, any -> true);
        var last = new TreeMap<String, Long>();
        for (var revision : whole.goldens().feed(0, Integer.MAX_VALUE)) {
            if (names(revision, remains)) last.merge(revision.goldenId(), revision.revision(), Math::max);
        }
        for (var entry : last.entrySet()) {
            count += whole.goldens().forget(entry.getKey(), one -> one.revision() <= entry.getValue());
        }
        return count;
    }

    private static boolean names(GoldenRevision revision, Remains remains) {
        var named = new ArrayList<>(revision.joined());
        named.addAll(revision.left());
        revision.changed().forEach(change -> named.add(change.from()));
        return named.stream().anyMatch(key -> key != null && remains.records().contains(key));
    }

    /** Goldens that nobody belongs to any more keep their last values; those that came from one of the records go. */
    private List<GoldenRecord> leftBehind(Remains remains) {
        return whole.goldens().all().stream()
                .filter(golden -> golden.state() != GoldenState.ACTIVE)
                .filter(golden -> golden.values().values().stream()
                        .anyMatch(value ->
                                value.from() != null && remains.records().contains(value.from())))
                .map(golden -> golden.withoutValues(golden.state(), remains.at()))
                .toList();
    }

    private static GoldenRecord emptied(GoldenRecord golden, Instant at) {
        return golden.withoutValues(GoldenState.ERASED, at);
    }

    private static GoldenRevision erased(GoldenRecord golden, Instant at, String policies) {
        return new GoldenRevision(
                golden.id(),
                golden.entityType(),
                0,
                golden.revision() + 1,
                at,
                Cause.ERASED,
                List.of(),
                List.of(),
                List.of(),
                null,
                policies);
    }

    @Override
    public String toString() {
        return "erasures " + rows + suppressions + blocked;
    }
}
