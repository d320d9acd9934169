package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.SeenMerge;
import io.kintsugi.server.engine.resolution.Resolver.Occasion.PairKey;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.Profiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What merges that were made inside systems do to golden records, one resolution at a time. A merge that is adopted ties the live
 * records of both goldens, whatever the rules think of them; one that is not leaves the goldens two, and a person is asked
 * ({@link ReviewBook}). A loser has no say either way.
 *
 * @param links what was decided of the links between losers and survivors, and the ties of those adopted
 * @param adopted merges that make two goldens one
 */
public record SystemMerges(List<Link> links, List<Adopted> adopted) {
    /**
     * @param goldens the two that become one
     * @param survivor the one that goes on; null if the surviving record is gone too, or had none
     * @param ties what the merge says beside that two records are one, as an undo takes it back
     */
    record Adopted(Set<String> goldens, String survivor, List<PairKey> ties, String system, String note) {}

    /** The records of a resolution and what is known of them. */
    record View(
            Map<RecordKey, SourceRecord> records,
            Map<RecordKey, Membership> memberships,
            Collection<Link> links,
            Profiles profiles) {
        private String goldenOf(RecordKey record) {
            var membership = memberships.get(record);
            return membership == null ? null : membership.goldenId();
        }

        private SortedSet<RecordKey> live(String golden) {
            var live = new TreeSet<RecordKey>();
            if (golden == null) return live;
            memberships.forEach((key, membership) -> {
                if (!membership.goldenId().equals(golden)) return;
                if (records.get(key).state().counts()) live.add(key);
            });
            return live;
        }

        /** Whether a system said already that two records are one. */
        private boolean tied(PairKey pair) {
            return links.stream()
                    .anyMatch(link -> link.active()
                            && link.origin() == Origin.SOURCE
                            && link.decision() == Decision.MATCH
                            && pair.equals(new PairKey(link.a(), link.b())));
        }

        private boolean toldApart(String one, String other) {
            return links.stream()
                    .filter(link ->
                            link.active() && link.origin() == Origin.STEWARD && link.decision() == Decision.NO_MATCH)
                    .anyMatch(link -> Set.of(one, other).equals(setOf(goldenOf(link.a()), goldenOf(link.b()))));
        }

        private static Set<String> setOf(String one, String other) {
            return one == null || other == null || one.equals(other) ? Set.of() : Set.of(one, other);
        }
    }

    /** Whether a link says that a system merged two of its records, which nobody has adopted yet. */
    public static boolean isQuestion(Link link) {
        return link.active() && link.origin() == Origin.SOURCE && link.decision() == Decision.REVIEW;
    }

    static SystemMerges decide(View view, HubModel model, LiveModel.Rules rules) {
        var deciding = new Deciding(view, model, rules);
        view.links().stream()
                .filter(SystemMerges::isQuestion)
                .filter(link ->
                        view.records().containsKey(link.a()) && view.records().containsKey(link.b()))
                .map(deciding::told)
                .sorted(Comparator.comparing(Told::survivor)
                        .thenComparing(Told::score, Comparator.reverseOrder())
                        .thenComparing(Told::loser))
                .forEach(deciding::take);
        return new SystemMerges(deciding.links, deciding.adopted);
    }

    /** Goldens that go on because the records that survived are theirs. */
    Set<String> survivors() {
        var ids = new TreeSet<String>();
        for (var merge : adopted) if (merge.survivor() != null) ids.add(merge.survivor());
        return ids;
    }

    /** The adopted merges that made some goldens one; empty if something else did. */
    List<Adopted> of(Collection<String> goldens) {
        return adopted.stream()
                .filter(merge -> goldens.containsAll(merge.goldens()))
                .toList();
    }

    /** A merge that a system told, with how well the two fit. */
    private record Told(RecordKey loser, RecordKey survivor, double score, Link link) {}

    private static final class Deciding {
        private final View view;
        private final HubModel model;
        private final LiveModel.Rules rules;
        private final List<Link> links = new ArrayList<>();
        private final List<Adopted> adopted = new ArrayList<>();
        /** Goldens that records which merging made go on in: those of the losers that they are most like. */
        private final Map<RecordKey, String> continued = new HashMap<>();

        Deciding(View view, HubModel model, LiveModel.Rules rules) {
            this.view = view;
            this.model = model;
            this.rules = rules;
        }

        Told told(Link link) {
            boolean first = view.records().get(link.a()).state() == RecordState.MERGED;
            var loser = first ? link.a() : link.b();
            var survivor = first ? link.b() : link.a();
            return new Told(loser, survivor, rules.matcher().score(profile(loser), profile(survivor)), link);
        }

        void take(Told told) {
            var link = told.link();
            var from = view.goldenOf(told.loser());
            var into = view.goldenOf(told.survivor());
            if (into == null) into = continued.get(told.survivor());
            boolean two = from != null && into != null && !from.equals(into);
            if (two && asks(told, from, into)) {
                if (told.score() != link.score())
                    links.add(link(link.a(), link.b(), Decision.REVIEW, told.score(), link));
                return;
            }
            if (into == null && from != null) continued.put(told.survivor(), from);
            links.add(link(link.a(), link.b(), Decision.MATCH, told.score(), link));
            var ties = new ArrayList<>(List.of(new PairKey(link.a(), link.b())));
            boolean there = view.records().get(told.survivor()).state() == RecordState.LIVE;
            var theirs = view.live(into);
            var anchor = there ? told.survivor() : theirs.isEmpty() ? null : theirs.first();
            var together = new TreeSet<>(view.live(from));
            if (two) together.addAll(theirs); // or the rules would see that the others do not fit, and split them off
            for (var record : together) {
                if (anchor == null || record.equals(anchor)) continue;
                var tie = PairKey.of(record, anchor);
                if (view.tied(tie)) continue;
                ties.add(tie);
                links.add(link(tie.a(), tie.b(), Decision.MATCH, 0, link));
            }
            if (!two) return;
            adopted.add(new Adopted(
                    Set.of(from, into),
                    there ? into : null,
                    ties,
                    told.loser().system(),
                    told.loser().system() + " merged its record " + told.loser().externalId() + " into "
                            + told.survivor().externalId()));
        }

        /** Whether a person is to say if the goldens are one. */
        private boolean asks(Told told, String from, String into) {
            if (view.toldApart(from, into) || wouldDouble(from, into)) return true;
            return switch (policy(told.loser().system())) {
                case ADOPT -> false;
                case ADOPT_IF_RULES_AGREE ->
                    rules.matcher()
                                    .compare(profile(told.loser()), profile(told.survivor()))
                                    .decision()
                            != Decision.MATCH;
                case REVIEW -> true;
            };
        }

        /** Whether a system that holds everything once would have it twice: then only a person's word joins them. */
        private boolean wouldDouble(String from, String into) {
            var systems = new HashSet<String>();
            for (var record : view.live(from)) systems.add(record.system());
            systems.retainAll(rules.matching().duplicateFree());
            return view.live(into).stream().anyMatch(record -> systems.contains(record.system()));
        }

        private SeenMerge policy(String system) {
            return model.system(system).map(config -> config.merges()).orElse(SeenMerge.ADOPT);
        }

        private Profile profile(RecordKey key) {
            return view.profiles().of(view.records().get(key));
        }

        private static Link link(RecordKey a, RecordKey b, Decision decision, double score, Link told) {
            return new Link(
                    a, b, Origin.SOURCE, decision, LinkState.ACTIVE, score, List.of(), null, told.by(), told.at());
        }
    }
}
