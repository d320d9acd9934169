package io.kintsugi.server.engine.deletion;

import static java.util.stream.Collectors.joining;

import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.HubTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps the open questions about deletions: one for each deletion with steps that a person has to decide, and one for each system
 * whose brake has tripped. Asking again is the same review; one that nothing waits for any more is closed.
 */
public final class DeletionQuestions {
    private final HubTransaction tx;
    private final Instant now;

    public DeletionQuestions(HubTransaction tx, Instant now) {
        this.tx = tx;
        this.now = now;
    }

    /** @param changed deletions as they are now */
    public void ask(Collection<Deletion> changed) {
        if (changed.isEmpty()) return;
        var wanted = new LinkedHashMap<String, Review>();
        var ids = new TreeSet<String>();
        var held = new LinkedHashMap<About, List<Deletion>>();
        for (var deletion : changed) {
            ids.add(idOf(About.of(deletion)));
            if (has(deletion, StepState.ASKED)) {
                wanted.put(idOf(About.of(deletion)), question(deletion));
            }
            for (var step : deletion.steps()) {
                if (step.state() != StepState.HELD) continue;
                held.computeIfAbsent(About.of(step.system(), deletion.entityType()), about -> new ArrayList<>())
                        .add(deletion);
            }
        }
        held.forEach((about, deletions) -> {
            ids.add(idOf(about));
            wanted.put(idOf(about), brake(about, deletions));
        });
        var before = tx.reviews().find(ids);
        var save = new ArrayList<Review>();
        wanted.forEach((id, review) -> {
            var former = before.get(id);
            if (former == null) save.add(review);
            else if (former.state() != ReviewState.OPEN) save.add(again(former, review));
            else if (!former.records().containsAll(review.records())) {
                save.add(again(former, About.parse(former).deletion() == null ? joined(former, review) : review));
            }
        });
        before.forEach((id, former) -> {
            if (!wanted.containsKey(id)
                    && former.state() == ReviewState.OPEN
                    && About.parse(former).deletion() != null) {
                save.add(former.closed(ReviewState.OBSOLETE, "rules", "the question no longer arises", now));
            }
        });
        tx.reviews().save(save);
    }

    /**
     * What a question is about: one deletion, or what is held back from one system.
     *
     * @param deletion null for a brake
     */
    public record About(String deletion, String system, String entityType) {
        static About of(Deletion deletion) {
            return new About(deletion.id(), null, deletion.entityType());
        }

        static About of(String system, String entityType) {
            return new About(null, system, entityType);
        }

        /** What the review asks about, as it was kept. */
        public static About parse(Review review) {
            var detail = review.detail();
            return detail.startsWith("brake ")
                    ? of(detail.substring("brake ".length()), review.entityType())
                    : new About(detail, null, review.entityType());
        }

        String text() {
            return deletion == null ? "brake " + system : deletion;
        }
    }

    /** Ids of the reviews that may ask about a deletion. */
    public static Set<String> ids(Deletion deletion) {
        var ids = new TreeSet<String>();
        ids.add(idOf(About.of(deletion)));
        for (var step : deletion.steps()) {
            if (step.state() == StepState.HELD) ids.add(idOf(About.of(step.system(), deletion.entityType())));
        }
        return ids;
    }

    private static String idOf(About about) {
        return "rv-" + ContentHash.of(Map.of("deletion", about.text(), "type", about.entityType()));
    }

    private static boolean has(Deletion deletion, StepState state) {
        return deletion.steps().stream().anyMatch(step -> step.state() == state);
    }

    private Review question(Deletion deletion) {
        var asked = deletion.steps().stream()
                .filter(step -> step.state() == StepState.ASKED)
                .toList();
        var records = new TreeSet<RecordKey>();
        if (deletion.origin() != null) records.add(deletion.origin());
        asked.forEach(step -> records.add(step.target()));
        var what = deletion.origin() == null
                ? "a person deletes it in the hub"
                : deletion.origin().system() + " deleted " + deletion.origin().externalId();
        var where = asked.stream().map(Step::system).distinct().collect(joining(", "));
        var why = asked.stream().map(Step::why).filter(Objects::nonNull).findFirst();
        return review(
                About.of(deletion),
                deletion.policies(),
                deletion.goldenId() == null ? List.of() : List.of(deletion.goldenId()),
                List.copyOf(records),
                what + "; is it to be deleted in " + where + " too?"
                        + why.map(reason -> " " + reason).orElse(""));
    }

    private Review brake(About about, List<Deletion> deletions) {
        var records = new TreeSet<RecordKey>();
        var goldens = new TreeSet<String>();
        for (var deletion : deletions) {
            for (var step : deletion.steps()) {
                if (step.state() == StepState.HELD
                        && step.system().equals(about.system())
                        && records.size() < Review.MOST_RECORDS) {
                    records.add(step.target());
                    goldens.add(deletion.goldenId());
                }
            }
        }
        var why = deletions.get(0).steps().stream()
                .filter(step -> step.state() == StepState.HELD)
                .map(Step::why)
                .findFirst()
                .orElse("");
        return review(
                about,
                deletions.get(0).policies(),
                List.copyOf(goldens),
                List.copyOf(records),
                why + "; none was sent. Are they right?");
    }

    private Review review(About about, String policies, List<String> goldens, List<RecordKey> records, String reason) {
        return new Review(
                idOf(about),
                Kind.DELETED,
                ReviewState.OPEN,
                about.entityType(),
                goldens,
                records,
                0,
                reason,
                about.text(),
                1,
                now,
                null,
                null,
                null,
                null,
                policies);
    }

    /** More of what is held back already. */
    private static Review joined(Review former, Review more) {
        var records = new TreeSet<>(more.records());
        var goldens = new TreeSet<>(more.goldens());
        goldens.addAll(former.goldens());
        for (var record : former.records()) {
            if (records.size() < Review.MOST_RECORDS) records.add(record);
        }
        return new Review(
                more.id(),
                more.kind(),
                more.state(),
                more.entityType(),
                List.copyOf(goldens),
                List.copyOf(records),
                0,
                more.reason(),
                more.detail(),
                more.revision(),
                more.openedAt(),
                null,
                null,
                null,
                null,
                more.policies());
    }

    private Review again(Review former, Review asked) {
        return new Review(
                asked.id(),
                asked.kind(),
                asked.state(),
                asked.entityType(),
                asked.goldens(),
                asked.records(),
                0,
                asked.reason(),
                asked.detail(),
                former.revision() + 1,
                former.state() == ReviewState.OPEN ? former.openedAt() : now,
                null,
                null,
                null,
                null,
                asked.policies());
    }
}
