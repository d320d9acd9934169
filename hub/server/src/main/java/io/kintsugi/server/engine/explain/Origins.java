package io.kintsugi.server.engine.explain;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Tells how golden records came to be: which record began, what joined and by which link, what was merged in. Reads only; thread-safe. */
public final class Origins {
    private static final int MOST_STEPS = 500;
    private static final int DEEPEST = 20;
    private final HubStore store;

    public Origins(HubStore store) {
        this.store = store;
    }

    /**
     * How one golden came to be.
     *
     * @param label name of the golden now, for people
     * @param steps oldest first
     * @param omitted how many older steps are not told
     */
    public record Story(String goldenId, String label, List<Step> steps, int omitted) {
        public Story {
            steps = List.copyOf(steps);
        }
    }

    /**
     * One change of what belongs to a golden.
     *
     * @param joined records that came by themselves, sorted
     * @param left records that went, sorted
     * @param because strongest link that still ties one of {@code joined} to a record that was there; null if none does
     * @param merge the merge that brought the rest; null if none did
     * @param absorbed how the goldens that it brought had come to be
     */
    public record Step(
            Cause cause,
            Instant at,
            List<RecordKey> joined,
            List<RecordKey> left,
            Link because,
            MergeEvent merge,
            List<Story> absorbed) {
        public Step {
            joined = List.copyOf(joined);
            left = List.copyOf(left);
            absorbed = List.copyOf(absorbed);
        }
    }

    /** @throws HubException with {@code NOT_FOUND} if the id was never used */
    public Story of(String goldenId) {
        return store.read(tx -> {
            if (tx.goldens().find(List.of(goldenId)).isEmpty()) {
                throw new HubException(HubErrorCode.NOT_FOUND, "there is no golden record " + goldenId);
            }
            return new Telling(tx, goldenId).story(goldenId, Long.MAX_VALUE, 0);
        });
    }

    private static final class Telling {
        private final HubTransaction tx;
        private final Collection<Link> links;

        Telling(HubTransaction tx, String goldenId) {
            this.tx = tx;
            var members = tx.goldens().members(List.of(goldenId)).getOrDefault(goldenId, List.of());
            links = tx.links()
                    .of(members.stream().map(member -> member.record().key()).toList());
        }

        /** @param before place in the feed; only what happened before it is told */
        Story story(String id, long before, int depth) {
            var golden = tx.goldens().find(List.of(id)).get(id);
            var changes = new ArrayList<>(tx.goldens().history(id, Integer.MAX_VALUE).stream()
                    .filter(change -> change.sequence() < before)
                    .filter(change ->
                            !change.joined().isEmpty() || !change.left().isEmpty())
                    .toList());
            int omitted = Math.max(0, changes.size() - MOST_STEPS);
            var told = new ArrayList<>(changes.subList(0, changes.size() - omitted));
            Collections.reverse(told);
            var merges = tx.merges().ofGolden(id);
            var there = new TreeSet<RecordKey>();
            var steps = new ArrayList<Step>();
            for (var change : told) {
                steps.add(step(change, merges, there, depth));
                there.addAll(change.joined());
                there.removeAll(change.left());
            }
            return new Story(id, golden == null ? id : golden.label(), steps, omitted);
        }

        private Step step(GoldenRevision change, List<MergeEvent> merges, TreeSet<RecordKey> there, int depth) {
            var merge = change.cause() != Cause.ABSORBED
                    ? null
                    : merges.stream()
                            .filter(event -> event.survivor().equals(change.goldenId()))
                            .filter(event -> event.at().equals(change.at()))
                            .filter(event -> event.absorbed().contains(change.counterpart()))
                            .findFirst()
                            .orElse(null);
            var joined = new TreeSet<>(change.joined());
            var absorbed = new ArrayList<Story>();
            if (merge != null) {
                merge.moved().forEach(move -> joined.remove(move.record()));
                if (depth < DEEPEST) {
                    for (var id : merge.absorbed()) absorbed.add(story(id, change.sequence(), depth + 1));
                }
            }
            var came = new TreeSet<>(change.joined());
            return new Step(
                    change.cause(),
                    change.at(),
                    List.copyOf(joined),
                    change.left(),
                    strongest(came, there),
                    merge,
                    absorbed);
        }

        /** Verdicts before scores; ties go by key. */
        private Link strongest(Collection<RecordKey> came, Collection<RecordKey> there) {
            return links.stream()
                    .filter(link -> link.active() && link.decision() == Decision.MATCH)
                    .filter(link -> came.contains(link.a())
                            ? there.contains(link.b()) || came.contains(link.b())
                            : there.contains(link.a()) && came.contains(link.b()))
                    .min(Comparator.comparing((Link link) -> -link.origin().ordinal())
                            .thenComparing(link -> -link.score())
                            .thenComparing(Link::a)
                            .thenComparing(Link::b))
                    .orElse(null);
        }
    }
}
