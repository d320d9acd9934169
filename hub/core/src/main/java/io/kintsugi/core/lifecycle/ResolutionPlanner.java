package io.kintsugi.core.lifecycle;

import io.kintsugi.core.cluster.GoldenIds;
import io.kintsugi.core.cluster.PairScore;
import io.kintsugi.core.lifecycle.ResolutionPlan.Absorption;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.MatchPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Plans steps 7 and 8 of the flow: links and verdicts → clusters → golden ids → golden values. A function of the scope alone: what
 * was planned before never shows, so repetition and order cannot change the result (ID-2). Immutable and thread-safe.
 */
public final class ResolutionPlanner {
    private final EntityType type;
    private final MatchPolicy matching;
    private final AuthorityPolicy authority;
    private final String policies;

    /** @param policies what the changes that it plans say they were decided under; null where nothing is kept of them */
    public ResolutionPlanner(EntityType type, MatchPolicy matching, AuthorityPolicy authority, String policies) {
        this.type = type;
        this.matching = matching;
        this.authority = authority;
        this.policies = policies;
    }

    /**
     * @param score bits of any two live records of the scope
     * @param newId makes golden ids never used before
     * @param nextVersion next number of the hub-wide sequence of value versions
     * @param origin why records that change golden do so
     */
    public ResolutionPlan plan(
            Scope scope,
            PairScore score,
            Supplier<String> newId,
            LongSupplier nextVersion,
            Origin origin,
            Instant now) {
        return new Planning(scope, nextVersion, origin, now).plan(score, newId);
    }

    /**
     * What would be one thing: the clusters of live records, contested ones apart, as a plan would have them.
     *
     * @param links as in a scope
     * @return every record in exactly one set, ordered by smallest key
     */
    public List<SortedSet<RecordKey>> clusters(SortedSet<RecordKey> live, Collection<Link> links, PairScore score) {
        return Contested.settle(live, links, score, matching).clusters();
    }

    /**
     * A golden with the values it has under this policy, if its records are as they are.
     *
     * @param members its records, in whatever state
     * @param referents what its references and theirs lead to
     * @param nextVersion gives the version of a value that changes
     */
    public GoldenRecord chosenAnew(
            GoldenRecord golden,
            List<SourceRecord> members,
            Referents referents,
            LongSupplier nextVersion,
            Instant now) {
        return Chosen.of(members, authority, golden.stewardValues(), golden.values(), referents, nextVersion, now)
                .in(golden);
    }

    /** One run over one scope; holds what is being collected. */
    private final class Planning {
        private final Scope scope;
        private final LongSupplier nextVersion;
        private final Origin origin;
        private final Instant now;
        private final List<Membership> assign = new ArrayList<>();
        private final List<GoldenRecord> goldens = new ArrayList<>();
        private final List<GoldenRevision> revisions = new ArrayList<>();
        private final TreeMap<String, GoldenRecord> current = new TreeMap<>();
        private final TreeMap<String, List<SourceRecord>> members = new TreeMap<>();
        private final TreeMap<String, List<RecordKey>> gone = new TreeMap<>();
        private final Map<String, List<RecordKey>> formerly = new HashMap<>();
        private final Map<RecordKey, String> goldenOf = new HashMap<>();

        Planning(Scope scope, LongSupplier nextVersion, Origin origin, Instant now) {
            this.scope = scope;
            this.nextVersion = nextVersion;
            this.origin = origin;
            this.now = now;
            for (var membership : scope.memberships().values()) {
                formerly.computeIfAbsent(membership.goldenId(), id -> new ArrayList<>())
                        .add(membership.record());
            }
            formerly.values().forEach(list -> list.sort(null));
        }

        ResolutionPlan plan(PairScore score, Supplier<String> newId) {
            var live = new TreeSet<RecordKey>();
            scope.records().values().stream()
                    .filter(record -> record.state().counts())
                    .forEach(record -> live.add(record.key()));
            var ties = Ties.of(scope.links(), live, scope.records());
            var contested = Contested.settle(live, ties.links(), score, matching);
            var clusters = contested.clusters();
            var seats = Seats.of(scope, live, ties, clusters);
            var createdAt = new HashMap<String, Instant>();
            scope.formerGoldens().forEach((id, golden) -> createdAt.put(id, golden.createdAt()));
            scope.goldens().forEach((id, golden) -> createdAt.put(id, golden.createdAt()));
            var ids = GoldenIds.assign(seats.clusters(), seats.of(), createdAt, scope.formers(), scope.chosen(), newId);
            var absorbed = new TreeMap<String, List<String>>();
            ids.retired().forEach((id, survivor) -> absorbed.computeIfAbsent(survivor, s -> new ArrayList<>())
                    .add(id));
            for (int i = 0; i < clusters.size(); i++) {
                for (var record : clusters.get(i))
                    goldenOf.put(record, ids.ids().get(i));
            }
            var rest = placeRest(ids, ties);
            for (int i = 0; i < clusters.size(); i++) {
                var id = ids.ids().get(i);
                planGolden(id, clusters.get(i), rest.getOrDefault(id, List.of()), absorbed.get(id));
            }
            ids.retired().forEach(this::retire);
            for (var id : new TreeSet<>(scope.goldens().keySet())) {
                if (!current.containsKey(id) && !ids.retired().containsKey(id)) delete(id);
            }
            return new ResolutionPlan(
                    assign, goldens, revisions, absorptions(absorbed), current, members, gone, candidates(contested));
        }

        private TreeMap<String, List<String>> candidates(Contested contested) {
            var byGolden = new TreeMap<String, List<String>>();
            contested
                    .candidates()
                    .forEach((record, fits) -> byGolden.put(
                            goldenOf.get(record),
                            fits.stream().map(goldenOf::get).sorted().toList()));
            return byGolden;
        }

        /**
         * Finds the golden of the records that are not live. They stay where they are and go where their golden goes; where it comes
         * apart, with the live record they are tied to, or with the former golden that brought them. One that was merged into another
         * is always where that one is.
         *
         * @return them by golden id
         */
        private Map<String, List<RecordKey>> placeRest(GoldenIds.Assignment ids, Ties ties) {
            var home = new HashMap<RecordKey, String>();
            for (var former : scope.formers()) {
                if (!ids.revived().contains(former.goldenId())) continue;
                var from = new HashSet<String>();
                for (var record : former.records()) {
                    if (former.goldenId().equals(goldenOf.get(record))) from.add(before(record));
                }
                for (var record : former.records()) {
                    if (from.contains(before(record))) home.put(record, former.goldenId());
                }
            }
            scope.back().records().forEach((record, id) -> {
                if (ids.revived().contains(id)) home.put(record, id);
            });
            var rest = new HashMap<String, List<RecordKey>>();
            for (var seat : scope.memberships().values()) {
                var record = seat.record();
                if (goldenOf.containsKey(record)) continue;
                var anchor = ties.anchors().get(record);
                boolean follows = anchor != null
                        && (before(anchor) == null
                                || seat.goldenId().equals(before(anchor))
                                || scope.records().get(record).state() == RecordState.MERGED);
                var id = follows
                        ? goldenOf.get(anchor)
                        : home.getOrDefault(record, ids.retired().getOrDefault(seat.goldenId(), seat.goldenId()));
                rest.computeIfAbsent(id, i -> new ArrayList<>()).add(record);
            }
            for (var record : new TreeMap<>(scope.records())
                    .values()) { // gone before they had a golden, but known whose they are
                var anchor = ties.anchors().get(record.key());
                if (anchor == null || goldenOf.containsKey(record.key()) || before(record.key()) != null) continue;
                rest.computeIfAbsent(goldenOf.get(anchor), i -> new ArrayList<>())
                        .add(record.key());
            }
            rest.forEach((id, records) -> {
                records.sort(null);
                records.forEach(record -> goldenOf.put(record, id));
            });
            return rest;
        }

        private String before(RecordKey record) {
            var seat = scope.memberships().get(record);
            return seat == null ? null : seat.goldenId();
        }

        private void planGolden(String id, SortedSet<RecordKey> cluster, List<RecordKey> rest, List<String> absorbed) {
            var before = scope.goldens().getOrDefault(id, scope.formerGoldens().get(id));
            var live = cluster.stream().map(scope.records()::get).toList();
            var chosen = Chosen.of(
                    live,
                    authority,
                    new Given(scope, goldenOf.values(), now).to(before, absorbed),
                    before == null ? Map.of() : before.values(),
                    scope.referents(),
                    nextVersion,
                    now);
            var contributes = new HashMap<RecordKey, Set<String>>();
            chosen.values().forEach((attribute, value) -> {
                if (value.from() != null)
                    contributes
                            .computeIfAbsent(value.from(), k -> new HashSet<>())
                            .add(attribute);
            });
            var joined = new ArrayList<RecordKey>();
            for (var record : cluster) seat(record, id, contributes.getOrDefault(record, Set.of()), joined);
            for (var record : rest) seat(record, id, Set.of(), joined);
            joined.sort(null);
            var left = formerly.getOrDefault(id, List.of()).stream()
                    .filter(record -> !id.equals(goldenOf.getOrDefault(record, id)))
                    .toList();
            members.put(id, live);
            gone.put(id, rest);
            save(id, before, chosen, joined, left, absorbed);
        }

        private void seat(RecordKey record, String id, Set<String> contributes, List<RecordKey> joined) {
            var seat = scope.memberships().get(record);
            boolean stays = seat != null && seat.goldenId().equals(id);
            if (!stays) joined.add(record);
            if (!stays || !seat.contributes().equals(contributes)) {
                assign.add(new Membership(
                        record, id, stays ? seat.since() : now, stays ? seat.origin() : origin, contributes));
            }
        }

        private void save(
                String id,
                GoldenRecord before,
                Chosen chosen,
                List<RecordKey> joined,
                List<RecordKey> left,
                List<String> absorbed) {
            boolean active = before != null && before.state() == GoldenState.ACTIVE;
            var changed = chosen.changesFrom(active ? before.values() : Map.of());
            boolean history = !active || !changed.isEmpty() || !joined.isEmpty() || !left.isEmpty();
            if (!history && chosen.sameAs(before)) {
                current.put(id, before);
                return;
            }
            long revision = (before == null ? 0 : before.revision()) + (history ? 1 : 0);
            var golden = new GoldenRecord(
                    id,
                    type.name(),
                    GoldenState.ACTIVE,
                    revision,
                    chosen.values(),
                    null,
                    before == null ? now : before.createdAt(),
                    history ? now : before.updatedAt(),
                    chosen.given(),
                    chosen.dueAt());
            goldens.add(golden);
            current.put(id, golden);
            if (!history) return;
            var cause = before == null
                    ? Cause.CREATED
                    : !active
                            ? Cause.REVIVED
                            : absorbed != null ? Cause.ABSORBED : left.isEmpty() ? Cause.UPDATED : Cause.SPLIT;
            var counterpart = absorbed == null ? null : absorbed.get(0);
            revisions.add(new GoldenRevision(
                    id, type.name(), 0, revision, now, cause, changed, joined, left, counterpart, policies));
        }

        private void retire(String id, String survivor) {
            var before = scope.goldens().get(id);
            goldens.add(new GoldenRecord(
                    id,
                    type.name(),
                    GoldenState.RETIRED,
                    before.revision() + 1,
                    before.values(),
                    survivor,
                    before.createdAt(),
                    now,
                    before.stewardValues(),
                    null));
            revisions.add(new GoldenRevision(
                    id,
                    type.name(),
                    0,
                    before.revision() + 1,
                    now,
                    Cause.RETIRED,
                    List.of(),
                    List.of(),
                    formerly.getOrDefault(id, List.of()),
                    survivor,
                    policies));
        }

        /** A golden without live records is not in use; its id and its last values stay. */
        private void delete(String id) {
            var before = scope.goldens().get(id);
            if (before.state() != GoldenState.ACTIVE) return;
            goldens.add(new GoldenRecord(
                    id,
                    type.name(),
                    GoldenState.DELETED,
                    before.revision() + 1,
                    before.values(),
                    null,
                    before.createdAt(),
                    now,
                    before.stewardValues(),
                    null));
            revisions.add(new GoldenRevision(
                    id,
                    type.name(),
                    0,
                    before.revision() + 1,
                    now,
                    Cause.DELETED,
                    List.of(),
                    List.of(),
                    formerly.getOrDefault(id, List.of()),
                    null,
                    policies));
        }

        private List<Absorption> absorptions(Map<String, List<String>> absorbed) {
            var list = new ArrayList<Absorption>();
            absorbed.forEach((survivor, ids) -> {
                var moved = new ArrayList<MergeEvent.Move>();
                for (var id : ids) {
                    for (var record : formerly.getOrDefault(id, List.of())) {
                        moved.add(new MergeEvent.Move(record, id));
                    }
                }
                list.add(new Absorption(survivor, ids, moved));
            });
            return list;
        }
    }
}
