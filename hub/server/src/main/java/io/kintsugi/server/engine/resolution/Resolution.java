package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.cluster.GoldenIds;
import io.kintsugi.core.cluster.PairScore;
import io.kintsugi.core.lifecycle.ResolutionPlan;
import io.kintsugi.core.lifecycle.Scope;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Merges;
import io.kintsugi.core.store.Records.Seen;
import io.kintsugi.server.engine.deletion.DeletionBook;
import io.kintsugi.server.engine.resolution.Resolver.Occasion;
import io.kintsugi.server.engine.resolution.Resolver.Outcome;
import io.kintsugi.server.engine.shared.Children;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.Memory;
import io.kintsugi.server.engine.shared.OutboxMarks;
import io.kintsugi.server.engine.shared.Profiles;
import io.kintsugi.server.engine.shared.ReferenceBook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** One resolution of one batch of one entity type in one transaction. Used once. */
final class Resolution {
    private final HubTransaction tx;
    private final HubModel model;
    private final LiveModel.Rules rules;
    private final Ids ids;
    private final Instant now;
    private final Occasion occasion;
    private final Memory memory;
    private final Profiles profiles;

    /** The scope: records read after their golden was claimed, and new ones. */
    private final Map<RecordKey, SourceRecord> records = new HashMap<>();

    private final Map<RecordKey, Membership> memberships = new HashMap<>();
    private final Map<String, GoldenRecord> goldens = new HashMap<>();
    private final Map<LinkKey, Link> links = new LinkedHashMap<>();
    private final ReferenceBook references;
    private Referents referents = Referents.NONE;
    private Set<RecordKey> astray = Set.of();
    private SystemMerges merges;

    /** Dirty records as they were read; some may change until they are locked. */
    private final Map<RecordKey, Seen> seen = new HashMap<>();

    Resolution(
            HubTransaction tx,
            HubModel model,
            LiveModel.Rules rules,
            Ids ids,
            Instant now,
            Occasion occasion,
            Memory memory) {
        this.tx = tx;
        this.model = model;
        this.rules = rules;
        this.ids = ids;
        this.now = now;
        this.occasion = occasion;
        this.memory = memory;
        this.references = new ReferenceBook(tx, model);
        this.profiles = new Profiles(rules.matcher(), memory.profiles());
    }

    /** What names a stored link. */
    private record LinkKey(RecordKey a, RecordKey b, Origin origin) {
        static LinkKey of(Link link) {
            return new LinkKey(link.a(), link.b(), link.origin());
        }
    }

    /** Resolves those of the records that wait. */
    Outcome runPending(SortedSet<RecordKey> asked) {
        tx.records().look(asked).forEach((key, now) -> {
            if (now.pending()) seen.put(key, now);
        });
        return run();
    }

    /** Resolves records whether they wait or not, as they are in this transaction. */
    Outcome run(SortedSet<RecordKey> asked) {
        seen.putAll(tx.records().hold(asked));
        return run();
    }

    /** Locks in the order of the whole hub: block keys, goldens, records, outbox. */
    private Outcome run() {
        if (seen.isEmpty()) return Outcome.NOTHING;
        seen.forEach((key, now) -> records.put(key, now.record()));
        var dirty = new TreeSet<>(seen.keySet());
        var blocking = new Blocking(tx, rules, profiles, memory);
        var pairs = blocking.pairs(records, dirty, known());
        claimScope(dirty, pairs);
        lockRecords(dirty, pairs, blocking.touched());
        if (dirty.isEmpty()) return Outcome.NOTHING;
        references.note(records.values());
        var again = blocking.assign(dirty);
        profiles.learn(tx, records.values().stream().map(profiles::whole).toList());
        decideLinks(dirty, pairs);
        decideMerges();
        settleStates(dirty, blocking.keys());
        var brake = new MergeBrake(tx, rules, now);
        var plan = plan(brake);
        plan = plan.withRecords(folded(plan));
        plan = new LoopBreaker(tx, rules, referents, now).watch(plan, goldens, dirty, known());
        var foreign = new ForeignChanges(tx, rules, referents, now).look(plan, goldens, dirty, known());
        plan = foreign.plan();
        tx.goldens().save(plan.goldens(), plan.revisions());
        tx.goldens().assign(plan.assign());
        tx.merges().save(new MergeEvents(ids, rules, occasion, merges, now).of(plan.absorptions()));
        SetAside.resolved(tx, dirty, now);
        var questions = new ReviewBook(tx, rules, now)
                .update(plan, records, known(), List.copyOf(links.values()), brake.held());
        new OutboxMarks(model, rules, referents, now, occasion.origin() == Origin.STEWARD)
                .mark(tx, plan, dirty, questions.released(), astray);
        new DeletionBook(tx, model, rules, referents, now).plan(plan, records, memberships, dirty);
        tx.records().clearPending(dirty);
        tx.records().markPending(again);
        references.noteGiven(rules.type(), plan, referents);
        references.follow(rules.type(), plan, memberships);
        return new Outcome(
                dirty.size(),
                plan.goldens(),
                plan.revisions(),
                plan.absorptions(),
                questions.opened() + foreign.opened(),
                foreign.alerts());
    }

    private ResolutionPlan plan(MergeBrake brake) {
        var scope = scope();
        while (true) {
            var plan = plan(scope);
            if (endReturns(plan)) {
                scope = scope();
                continue;
            }
            if (occasion.origin() != Origin.RULE) return plan;
            var apart = brake.holdsBack(plan, scope, all -> !merges.of(all).isEmpty());
            if (apart.isEmpty()) return plan;
            scope = scope.with(apart);
        }
    }

    private ResolutionPlan plan(Scope scope) {
        return rules.planner()
                .plan(
                        scope,
                        PairScore.of(
                                (a, b) -> rules.matcher().score(mine(a), mine(b)),
                                (a, b) -> rules.matcher().contradicts(mine(a), mine(b)),
                                (a, b) -> rules.matcher().never(mine(a), mine(b))),
                        () -> ids.next("g"),
                        () -> tx.goldens().reserveVersions(1),
                        occasion.origin(),
                        now);
    }

    /** Records that are to come back to a golden of which nothing is left, are deleted like the rest of it. Returns whether there were any. */
    private boolean endReturns(ResolutionPlan plan) {
        var ended = new ArrayList<SourceRecord>();
        plan.members().forEach((id, members) -> {
            boolean empty = plan.current().get(id).values().values().stream()
                    .allMatch(value -> value.value().isEmpty());
            if (!empty || members.stream().anyMatch(record -> record.state() != RecordState.RETURNING)) return;
            for (var record : members) ended.add(record.withState(RecordState.DELETED));
        });
        for (var record : ended) records.put(record.key(), record);
        tx.records().save(ended);
        return !ended.isEmpty();
    }

    private Map<RecordKey, SourceRecord> folded(ResolutionPlan plan) {
        var changed = Folds.settle(tx, plan, List.copyOf(links.values()), now);
        records.putAll(changed);
        return changed;
    }

    /**
     * Locks all records that may be touched, at once and in order. A dirty one that is not any more as it was read leaves the batch:
     * another transaction has resolved it, or changed it and left it waiting.
     */
    private void lockRecords(SortedSet<RecordKey> dirty, List<Blocking.Pair> pairs, Collection<RecordKey> others) {
        var touched = new TreeSet<>(records.keySet());
        touched.addAll(others);
        for (var pair : pairs) {
            touched.add(pair.a());
            touched.add(pair.b());
        }
        touched.addAll(Referents.named(rules.type(), records.values())); // a parent that moves meanwhile is waited for
        var now = tx.records().hold(touched);
        dirty.removeIf(key -> !seen.get(key).equals(now.get(key)));
        records.keySet().removeIf(key -> !dirty.contains(key) && !memberships.containsKey(key));
        records.replaceAll((key, before) -> now.get(key).record());
        astray = Children.astray(
                model,
                records.values(),
                key -> now.containsKey(key) ? now.get(key).record() : null);
        pairs.removeIf(pair -> !dirty.contains(pair.a()) && !dirty.contains(pair.b()));
    }

    /** Whether something may be stored about a record besides itself. */
    private boolean known(RecordKey key) {
        var now = seen.get(key);
        return now == null || !now.untouched();
    }

    /** Records of the scope about which something may be stored besides themselves. */
    private List<RecordKey> known() {
        return records.keySet().stream().filter(this::known).toList();
    }

    /**
     * Claims the goldens of the dirty records and of everything linked to them, and only then reads their members; goes on until no
     * link leads out of the scope. Without this second claim two joins through different keys leave a stale golden.
     */
    private void claimScope(SortedSet<RecordKey> dirty, Collection<Blocking.Pair> pairs) {
        var frontier = new TreeSet<>(dirty);
        for (var pair : pairs) {
            if (pair.score() >= rules.matching().autoBits()) {
                frontier.add(pair.a());
                frontier.add(pair.b());
            }
        }
        claimGoldensOf(frontier);
        var linked = new HashSet<RecordKey>();
        while (true) {
            var fresh = new TreeSet<RecordKey>();
            for (var key : records.keySet()) if (linked.add(key) && known(key)) fresh.add(key);
            if (fresh.isEmpty()) return;
            var others = new TreeSet<RecordKey>();
            for (var link : tx.links().of(fresh)) {
                links.put(LinkKey.of(link), link);
                boolean leads = link.active() && link.decision() == Decision.MATCH;
                if (!leads && !SystemMerges.isQuestion(link)) continue;
                if (!records.containsKey(link.a())) others.add(link.a());
                if (!records.containsKey(link.b())) others.add(link.b());
            }
            claimGoldensOf(others);
            takeAlong(others, dirty);
        }
    }

    /** What was merged into another record before either had a golden, and was resolved before that one, is resolved again with it. */
    private void takeAlong(SortedSet<RecordKey> linked, SortedSet<RecordKey> dirty) {
        linked.removeAll(records.keySet());
        if (linked.isEmpty()) return;
        tx.records().look(linked).forEach((key, now) -> {
            if (now.record().state() != RecordState.MERGED) return;
            seen.put(key, now);
            records.put(key, now.record());
            dirty.add(key);
        });
    }

    private void claimGoldensOf(SortedSet<RecordKey> frontier) {
        for (var unseated = frontier; ; ) {
            var claims = new TreeSet<>(tx.goldens()
                    .goldenOf(unseated.stream().filter(this::known).toList())
                    .values());
            claims.removeAll(goldens.keySet());
            if (claims.isEmpty()) return;
            tx.goldens().claim(claims);
            goldens.putAll(tx.goldens().find(claims));
            tx.goldens()
                    .members(claims)
                    .values()
                    .forEach(members -> members.forEach(member -> {
                        records.put(member.record().key(), member.record());
                        memberships.put(member.record().key(), member.membership());
                    }));
            // a record that moved while we waited for the claim is looked up again
            unseated = new TreeSet<>(unseated);
            unseated.removeAll(memberships.keySet());
            if (unseated.isEmpty()) return;
        }
    }

    /** Makes the rule links of the dirty records exactly those that hold now. Verdicts are never touched (ID-4). */
    private void decideLinks(SortedSet<RecordKey> dirty, Collection<Blocking.Pair> pairs) {
        var wanted = new HashMap<LinkKey, Link>();
        for (var link : new RuleLinks(records, rules, profiles).of(pairs, now)) wanted.put(LinkKey.of(link), link);
        var gone = new ArrayList<Link>();
        for (var stored : List.copyOf(links.values())) {
            if (stored.origin() != Origin.RULE || !(dirty.contains(stored.a()) || dirty.contains(stored.b()))) continue;
            var key = LinkKey.of(stored);
            var want = wanted.get(key);
            if (want == null) {
                gone.add(stored);
                links.remove(key);
            } else if (RuleLinks.same(stored, want)) {
                wanted.remove(key);
            }
        }
        links.putAll(wanted);
        tx.links().removeRuleLinks(gone);
        tx.links().save(wanted.values());
    }

    private void decideMerges() {
        var view = new SystemMerges.View(records, memberships, List.copyOf(links.values()), profiles);
        merges = SystemMerges.decide(view, model, rules);
        for (var link : merges.links()) links.put(LinkKey.of(link), link);
        tx.links().save(merges.links());
    }

    /**
     * A record in which nothing identifies anything has no say, unless a person or a system linked it (ID-5), be it only asked yet
     * whether that is so. One that had a golden stays with it, like a deleted one, and so finds its id again (ID-3).
     */
    private void settleStates(SortedSet<RecordKey> dirty, Map<RecordKey, SortedSet<String>> keys) {
        var asserted = new HashSet<RecordKey>();
        for (var link : links.values()) {
            boolean told = link.active() && link.origin() != Origin.RULE && link.decision() == Decision.MATCH;
            if (told || SystemMerges.isQuestion(link)) {
                asserted.add(link.a());
                asserted.add(link.b());
            }
        }
        var changed = new ArrayList<SourceRecord>();
        for (var key : dirty) {
            var record = records.get(key);
            if (!record.state().resolves() || record.state().gone()) continue;
            boolean keyed = asserted.contains(key)
                    || !keys.getOrDefault(key, new TreeSet<>()).isEmpty();
            var state = keyed ? RecordState.LIVE : RecordState.UNKEYED;
            if (record.state() != state) {
                changed.add(record.withState(state));
                records.put(key, record.withState(state));
            }
        }
        tx.records().save(changed);
    }

    private Scope scope() {
        var inside = new ArrayList<Link>();
        for (var link : links.values()) {
            boolean rule = link.origin() == Origin.RULE;
            if (!link.active() || (rule && link.decision() != Decision.MATCH)) continue;
            if (records.containsKey(link.a()) && records.containsKey(link.b())) inside.add(link);
        }
        var formers = new ArrayList<GoldenIds.Former>();
        var formerGoldens = new TreeMap<String, GoldenRecord>();
        if (!memberships.isEmpty()) {
            var found = tx.merges().formerGoldens(known());
            var retired = new TreeSet<String>();
            for (var former : found) retired.add(former.goldenId());
            if (!retired.isEmpty()) {
                tx.goldens().claim(retired);
                formerGoldens.putAll(tx.goldens().find(retired));
                formerGoldens.values().removeIf(golden -> golden.state() != GoldenState.RETIRED);
                for (Merges.Former former : found) {
                    if (formerGoldens.containsKey(former.goldenId())) {
                        formers.add(new GoldenIds.Former(former.goldenId(), former.records()));
                    }
                }
            }
        }
        var chosen = new HashSet<>(occasion.chosen());
        if (chosen.isEmpty()) chosen.addAll(merges.survivors());
        var known = new ArrayList<>(goldens.values());
        known.addAll(formerGoldens.values());
        referents = references.read(rules.type(), records.values(), known);
        var back = occasion.back().to(formerGoldens.keySet());
        return new Scope(records, memberships, goldens, inside, formers, formerGoldens, chosen, back, referents);
    }

    private Profile mine(RecordKey key) {
        return profiles.of(records.get(key));
    }
}
