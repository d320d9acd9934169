package io.kintsugi.server.engine.dryrun;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.Goldens;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Page;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.engine.dryrun.DryChange.Kind;
import io.kintsugi.server.engine.dryrun.DryReport.Guard;
import io.kintsugi.server.engine.dryrun.DryReport.Warning;
import io.kintsugi.server.engine.resolution.MergeBrake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * What became of a copy of a hub beyond what was sent.
 *
 * @param goldens how many are new, changed, or retired
 * @param merges how many goldens that were there became part of others
 */
record DryComparison(DryReport.Goldens goldens, long merges, List<Warning> brakes) {
    private static final int PAGE = 500;

    /**
     * What is compared with: a copy at rest.
     *
     * @param seats golden of each record
     * @param labels what people call each golden in use
     * @param questions what was asked, and merges that were held back
     * @param waits what rests in the outbox or among the deletions, with the reason
     */
    record Before(
            Map<RecordKey, String> seats,
            Map<String, GoldenRecord> active,
            Set<String> questions,
            Set<String> waits,
            long feed) {
        static Before of(HubStore copy) {
            var seats = new HashMap<RecordKey, String>();
            var active = new TreeMap<String, GoldenRecord>();
            each(copy, DryComparison::active, goldens -> {
                goldens.forEach(golden -> active.put(golden.id(), golden));
                seats.putAll(seatsIn(copy, goldens));
            });
            var questions = new HashSet<String>();
            each(copy, DryComparison::open, page -> page.forEach(review -> questions.add(review.id())));
            each(copy, DryComparison::heldBack, page -> page.forEach(review -> questions.add(review.id())));
            var waits = new HashSet<String>();
            waiting(copy, change -> waits.add(change.record() + change.goldens() + change.system() + change.why()));
            return new Before(seats, active, questions, waits, copy.read(tx -> tx.goldens()
                    .feedEnd()));
        }

        Map<String, Long> goldens() {
            var counts = new TreeMap<String, Long>();
            active.values().forEach(golden -> counts.merge(golden.entityType(), 1L, Long::sum));
            return counts;
        }

        /** Notes in the book what is otherwise now. */
        DryComparison compare(HubStore copy, DryBook book) {
            var now = new HashMap<String, GoldenRecord>();
            each(copy, DryComparison::active, goldens -> goldens.forEach(golden -> now.put(golden.id(), golden)));
            long merges = merges(copy, book);
            splits(copy, book);
            each(copy, DryComparison::open, page -> page.stream()
                    .filter(review -> !questions.contains(review.id()))
                    .forEach(review -> book.note(question(copy, review))));
            waiting(copy, change -> {
                if (!waits.contains(change.record() + change.goldens() + change.system() + change.why()))
                    book.note(change);
            });
            long added = 0;
            long changed = 0;
            for (var golden : now.values()) {
                var was = active.get(golden.id());
                if (was == null) added++;
                else if (!values(was).equals(values(golden))) changed++;
            }
            long retired =
                    active.keySet().stream().filter(id -> !now.containsKey(id)).count();
            return new DryComparison(new DryReport.Goldens(added, changed, retired), merges, brakes(copy));
        }

        /** What the brake on merges by rules would hold back, by type. */
        private List<Warning> brakes(HubStore copy) {
            var held = new TreeMap<String, Long>();
            each(copy, DryComparison::heldBack, page -> page.stream()
                    .filter(review -> !questions.contains(review.id()))
                    .forEach(review -> held.merge(review.entityType(), 1L, Long::sum)));
            var warnings = new ArrayList<Warning>();
            held.forEach((type, pairs) -> {
                var id = MergeBrake.questionOf(type);
                var asked = copy.read(tx -> tx.reviews().find(List.of(id))).get(id);
                warnings.add(new Warning(
                        Guard.MERGE_BRAKE,
                        null,
                        pairs + (pairs == 1 ? " pair" : " pairs") + " of " + type
                                + " that rules would merge would be held back, and "
                                + (questions.contains(id)
                                        ? "join the question that is open"
                                        : "a person would be asked")
                                + ": " + asked.reason()));
            });
            return warnings;
        }

        private static Map<String, String> values(GoldenRecord golden) {
            var values = new HashMap<String, String>();
            golden.values().keySet().forEach(attribute -> values.put(attribute, golden.value(attribute)));
            values.values().removeIf(value -> value == null);
            return values;
        }

        private long merges(HubStore copy, DryBook book) {
            var current = copy.read(tx -> tx.goldens().currentIds(active.keySet()));
            var absorbed = new TreeMap<String, TreeSet<String>>();
            current.forEach((id, survivor) -> {
                if (!id.equals(survivor))
                    absorbed.computeIfAbsent(survivor, s -> new TreeSet<>()).add(id);
            });
            absorbed.forEach((survivor, ids) -> {
                var golden =
                        copy.read(tx -> tx.goldens().find(List.of(survivor))).get(survivor);
                var goldens = new ArrayList<>(List.of(survivor));
                goldens.addAll(ids);
                book.note(new DryChange(
                        Kind.MERGE,
                        null,
                        golden.entityType(),
                        null,
                        goldens,
                        golden.label(),
                        List.of(),
                        copy.read(tx -> whySame(tx, survivor, ids))));
            });
            return absorbed.values().stream().mapToLong(Set::size).sum();
        }

        /** The strongest link between what was apart. */
        private String whySame(HubTransaction tx, String survivor, Set<String> absorbed) {
            var records = new TreeSet<RecordKey>();
            tx.goldens()
                    .members(List.of(survivor))
                    .values()
                    .forEach(members -> members.forEach(
                            member -> records.add(member.record().key())));
            return tx.links().of(records).stream()
                    .filter(link -> link.active() && link.decision() == Decision.MATCH)
                    .filter(link -> records.contains(link.a()) && records.contains(link.b()))
                    .filter(link -> !String.valueOf(seats.get(link.a())).equals(seats.get(link.b())))
                    .max(Comparator.comparingDouble(Link::score)
                            .thenComparing(Link::a)
                            .thenComparing(Link::b))
                    .map(Before::why)
                    .orElse(null);
        }

        private static String why(Link link) {
            return switch (link.origin()) {
                case RULE ->
                    String.format(
                            Locale.ROOT, "%s and %s are the same, at %.1f bits", link.a(), link.b(), link.score());
                case STEWARD -> link.a() + " and " + link.b() + " are the same, says " + link.by();
                default -> link.a() + " and " + link.b() + " were made one by their system";
            };
        }

        private void splits(HubStore copy, DryBook book) {
            var current = copy.read(tx -> tx.goldens().currentIds(active.keySet()));
            var moved = new TreeMap<String, TreeMap<String, TreeSet<RecordKey>>>();
            var keys = new ArrayList<>(new TreeSet<>(seats.keySet()));
            for (int from = 0; from < keys.size(); from += PAGE) {
                var page = keys.subList(from, Math.min(keys.size(), from + PAGE));
                copy.read(tx -> tx.goldens().goldenOf(page)).forEach((record, golden) -> {
                    var was = current.get(seats.get(record));
                    if (was == null || was.equals(golden)) return;
                    moved.computeIfAbsent(was, id -> new TreeMap<>())
                            .computeIfAbsent(golden, id -> new TreeSet<>())
                            .add(record);
                });
            }
            moved.forEach((was, parts) -> parts.forEach((golden, records) -> {
                var found = copy.read(tx -> tx.goldens().find(List.of(golden))).get(golden);
                var first = records.first();
                book.note(new DryChange(
                        Kind.SPLIT,
                        null,
                        found.entityType(),
                        null,
                        List.of(was, golden),
                        found.label(),
                        List.of(),
                        records.size() == 1
                                ? first + " leaves it"
                                : records.size() + " records leave it, " + first + " among them"));
            }));
        }

        private static DryChange question(HubStore copy, Review review) {
            var golden = review.goldens().isEmpty()
                    ? null
                    : copy.read(tx -> tx.goldens().find(review.goldens().subList(0, 1)))
                            .get(review.goldens().get(0));
            var record =
                    review.records().isEmpty() ? null : review.records().get(0).toString();
            return new DryChange(
                    Kind.QUESTION,
                    null,
                    review.entityType(),
                    record,
                    review.goldens(),
                    golden != null ? golden.label() : record != null ? record : review.entityType(),
                    List.of(),
                    review.reason());
        }
    }

    private static Page<GoldenRecord> active(HubTransaction tx, String cursor) {
        return tx.goldens()
                .list(new Goldens.Filter(null, GoldenState.ACTIVE, null, null, Map.of(), 0, "id", false), cursor, PAGE);
    }

    private static Page<Review> open(HubTransaction tx, String cursor) {
        return tx.reviews()
                .list(new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "openedAt"), cursor, PAGE);
    }

    private static Page<Review> heldBack(HubTransaction tx, String cursor) {
        return tx.reviews()
                .list(
                        new Reviews.Filter(Review.Kind.HELD_MERGE, ReviewState.OPEN, null, null, null, "openedAt"),
                        cursor,
                        PAGE);
    }

    private static <T> void each(
            HubStore copy, BiFunction<HubTransaction, String, Page<T>> list, Consumer<List<T>> look) {
        String cursor = null;
        do {
            var from = cursor;
            var page = copy.read(tx -> list.apply(tx, from));
            look.accept(page.items());
            cursor = page.next();
        } while (cursor != null);
    }

    private static Map<RecordKey, String> seatsIn(HubStore copy, List<GoldenRecord> goldens) {
        var ids = goldens.stream().map(GoldenRecord::id).toList();
        var seats = new HashMap<RecordKey, String>();
        copy.read(tx -> tx.goldens().members(ids))
                .forEach((id, members) ->
                        members.forEach(member -> seats.put(member.record().key(), id)));
        return seats;
    }

    /** Writes that wait for a person, and deletes that wait for their time or were stopped. */
    private static void waiting(HubStore copy, Consumer<DryChange> look) {
        for (var state : List.of(OutboundState.HELD, OutboundState.PARKED)) {
            each(
                    copy,
                    (tx, cursor) -> tx.outbox().list(null, state, cursor, PAGE),
                    page -> page.forEach(change -> look.accept(held(copy, change))));
        }
        for (var state : List.of(StepState.WAITING, StepState.HELD)) {
            var filter = new Deletions.Filter(null, null, null, null, state);
            each(
                    copy,
                    (tx, cursor) -> tx.deletions().list(filter, cursor, PAGE),
                    page -> page.forEach(deletion -> {
                        for (var step : deletion.steps()) {
                            if (step.state() == state)
                                look.accept(held(copy, deletion.entityType(), deletion.goldenId(), step));
                        }
                    }));
        }
    }

    private static DryChange held(HubStore copy, OutboundChange change) {
        var record = change.target() == null ? null : change.target().toString();
        return held(copy, change.system(), change.entityType(), record, change.goldenId(), change.problem());
    }

    private static DryChange held(HubStore copy, String entityType, String golden, Step step) {
        var record = step.target() == null ? null : step.target().toString();
        var action = step.action().name().toLowerCase(Locale.ROOT);
        var why = step.state() == StepState.HELD ? step.why() : action + " from " + step.dueAt() + " on";
        return held(copy, step.system(), entityType, record, golden, why);
    }

    private static DryChange held(
            HubStore copy, String system, String entityType, String record, String goldenId, String why) {
        var golden = goldenId == null
                ? null
                : copy.read(tx -> tx.goldens().find(List.of(goldenId))).get(goldenId);
        return new DryChange(
                Kind.HELD,
                system,
                entityType,
                record,
                goldenId == null ? List.of() : List.of(goldenId),
                golden != null ? golden.label() : String.valueOf(record),
                List.of(),
                why);
    }
}
