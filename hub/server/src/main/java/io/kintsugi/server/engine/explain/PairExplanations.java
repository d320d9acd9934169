package io.kintsugi.server.engine.explain;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.MatchDecision;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.store.Blocks.BlockKey;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Journal.Document;
import io.kintsugi.server.engine.explain.PairExplanation.Assertion;
import io.kintsugi.server.engine.explain.PairExplanation.Compared;
import io.kintsugi.server.engine.explain.PairExplanation.Conclusion;
import io.kintsugi.server.engine.explain.PairExplanation.Ground;
import io.kintsugi.server.engine.explain.PairExplanation.SharedKey;
import io.kintsugi.server.engine.explain.PairExplanation.Then;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.ProfileCache;
import io.kintsugi.server.engine.shared.Profiles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** Explains pairs of records, also those that were never compared, now and as of an earlier instant. Reads only; thread-safe. */
public final class PairExplanations {
    private static final int MOST_MEMBERS = 200;

    private final HubStore store;
    private final LiveModel model;
    private final BiFunction<LiveModel.Rules, Document, MatchPolicy> reader;

    /** @param reader makes the policy of a published document, for rules that were in force before */
    public PairExplanations(
            HubStore store, LiveModel model, BiFunction<LiveModel.Rules, Document, MatchPolicy> reader) {
        this.store = store;
        this.model = model;
        this.reader = reader;
    }

    /**
     * Explains a pair.
     *
     * @param asOf null for now. Values, goldens, verdicts and the published policy are those of then; the program is today's
     * @throws HubException with {@code NOT_FOUND} if one is unknown, {@code UNPROCESSABLE} if their types differ
     */
    public PairExplanation explain(RecordKey first, RecordKey second, Instant asOf) {
        if (!first.entityType().equals(second.entityType())) {
            throw new HubException(
                    HubErrorCode.UNPROCESSABLE,
                    first + " and " + second + " are of different entity types and are never compared");
        }
        boolean ordered = first.compareTo(second) <= 0;
        var a = ordered ? first : second;
        var b = ordered ? second : first;
        return store.read(tx -> {
            var records = tx.records().find(List.of(a, b));
            for (var key : List.of(first, second)) {
                if (!records.containsKey(key)) {
                    throw new HubException(HubErrorCode.NOT_FOUND, "the hub does not know the record " + key);
                }
            }
            return new Reading(tx, records.get(a), records.get(b), asOf).explain();
        });
    }

    /** One explanation in one transaction. */
    private final class Reading {
        private final HubTransaction tx;
        private final SourceRecord a;
        private final SourceRecord b;
        private final Instant asOf;
        private final LiveModel.Rules rules;
        private final List<Assertion> assertions = new ArrayList<>();

        Reading(HubTransaction tx, SourceRecord a, SourceRecord b, Instant asOf) {
            this.tx = tx;
            this.a = a;
            this.b = b;
            this.asOf = asOf;
            rules = model.rules(a.key().entityType());
        }

        PairExplanation explain() {
            var past = asOf == null ? null : new Past(tx, asOf);
            var thenA = past == null ? null : past.of(a);
            var thenB = past == null ? null : past.of(b);
            boolean known = past == null || (thenA.known() && thenB.known());
            var policy = policy();
            var goldenOf = tx.goldens().goldenOf(List.of(a.key(), b.key()));
            var goldenA = past == null ? goldenOf.get(a.key()) : thenA.goldenId();
            var goldenB = past == null ? goldenOf.get(b.key()) : thenB.goldenId();
            boolean same = known && goldenA != null && goldenA.equals(goldenB);
            var links = links();
            links.forEach(this::assertVerdict);
            var keys = new ArrayList<SharedKey>();
            MatchDecision computed = null;
            if (known) {
                var matcher = policy == rules.matching() ? rules.matcher() : new Matcher(rules.type(), policy);
                var one = matcher.profile(a.key(), past == null ? a.evidence() : thenA.attributes());
                var other = matcher.profile(b.key(), past == null ? b.evidence() : thenB.attributes());
                var profiles = new Profiles(matcher, new ProfileCache());
                profiles.learn(tx, List.of(one, other)); // as it is now: how many held a value then is not kept
                computed = matcher.compare(profiles.telling(one), profiles.telling(other));
                var shared = new TreeSet<>(matcher.blockKeys(one));
                shared.retainAll(matcher.blockKeys(other));
                keys.addAll(shared(shared));
                assertDuplicateFree(policy, same);
            }
            if (past == null) {
                assertLive();
                if (!same && goldenA != null && goldenB != null) assertOthers(goldenA, goldenB, policy);
            } else {
                assertKnown(a.key(), thenA);
                assertKnown(b.key(), thenB);
            }
            if (computed != null) assertConditions(computed);
            var rule =
                    links.stream().filter(link -> link.origin() == Origin.RULE).findFirst();
            var met = rule.map(Link::blockKey)
                    .or(() -> keys.stream()
                            .filter(key -> !key.generic())
                            .map(SharedKey::value)
                            .findFirst())
                    .orElse(null);
            if (computed != null && keys.stream().allMatch(SharedKey::generic)) assertNoKey(keys);
            return new PairExplanation(
                    a.key(),
                    b.key(),
                    asOf,
                    thenA,
                    thenB,
                    same,
                    links,
                    computed,
                    compared(computed),
                    keys,
                    met,
                    assertions,
                    conclusion(computed, same, policy),
                    policy);
        }

        /** The published policy that was in force; what was never published is the shipped one. */
        private MatchPolicy policy() {
            if (asOf == null) return rules.matching();
            var versions = tx.journal().versions("matching", rules.type().name());
            for (var version : versions) {
                if (version.at() == null || version.at().isAfter(asOf)) continue;
                return version.version() == rules.matching().version()
                        ? rules.matching()
                        : reader.apply(rules, version);
            }
            return versions.isEmpty() ? rules.matching() : Matcher.defaults(rules.type());
        }

        /** What is stored between the two; of an earlier instant what is known to have been in force. */
        private List<Link> links() {
            return tx.links().of(List.of(a.key())).stream()
                    .filter(link -> link.a().equals(a.key()) && link.b().equals(b.key()))
                    .filter(link -> asOf == null || new Past(tx, asOf).stood(link))
                    .toList();
        }

        private void assertVerdict(Link link) {
            if (link.origin() == Origin.RULE) return;
            if (asOf == null && !link.active()) return;
            boolean steward = link.origin() == Origin.STEWARD;
            var text = link.by() + " said that they are " + (link.decision() == Decision.MATCH ? "" : "not ")
                    + "the same.";
            if (!link.active())
                text = "A verdict that they are " + (link.decision() == Decision.MATCH ? "" : "not ")
                        + "the same was in force until " + link.by() + " took it back; since when is not kept.";
            assertions.add(new Assertion(
                    steward ? Ground.VERDICT : Ground.SOURCE, link.decision(), text, link.by(), link.at()));
        }

        private void assertLive() {
            for (var record : List.of(a, b)) {
                if (record.state().counts()) continue;
                assertions.add(new Assertion(
                        Ground.NOT_LIVE,
                        Decision.NO_MATCH,
                        record.key()
                                + switch (record.state()) {
                                    case DELETED -> " was deleted in its system";
                                    case MERGED, FOLDED, RETURNING -> " was merged into another record in its system";
                                    case DISCONNECTED, SEVERED -> " was taken out of its golden record";
                                    case LIVE, UNKEYED -> " holds nothing that identifies anything";
                                }
                                + ", so rules tie it to nothing.",
                        null,
                        null));
            }
        }

        private void assertKnown(RecordKey key, Then then) {
            if (then.known()) return;
            assertions.add(new Assertion(
                    Ground.NOT_KNOWN,
                    Decision.NO_MATCH,
                    "The hub did not know " + key + " then; it first resolved it at " + then.since() + ".",
                    null,
                    then.since()));
        }

        private void assertDuplicateFree(MatchPolicy policy, boolean same) {
            var system = a.key().system();
            if (same
                    || !system.equals(b.key().system())
                    || !policy.duplicateFree().contains(system)) return;
            assertions.add(new Assertion(
                    Ground.DUPLICATE_FREE,
                    Decision.NO_MATCH,
                    "The match policy says that " + system
                            + " holds each thing once, so two of its records are two things.",
                    null,
                    null));
        }

        /** What stands between the other records of two goldens. */
        private void assertOthers(String goldenA, String goldenB, MatchPolicy policy) {
            var members = tx.goldens().members(List.of(goldenA, goldenB));
            var left = live(members.getOrDefault(goldenA, List.of()));
            var right = live(members.getOrDefault(goldenB, List.of()));
            for (var link : tx.links().of(left.stream().limit(MOST_MEMBERS).toList())) {
                boolean across = (left.contains(link.a()) && right.contains(link.b()))
                        || (left.contains(link.b()) && right.contains(link.a()));
                boolean itself = link.a().equals(a.key()) && link.b().equals(b.key());
                if (!across || itself || !link.active()) continue;
                if (link.origin() != Origin.STEWARD || link.decision() != Decision.NO_MATCH) continue;
                assertions.add(new Assertion(
                        Ground.VERDICT_OF_OTHERS,
                        Decision.NO_MATCH,
                        link.by() + " said that " + link.a() + " and " + link.b()
                                + ", which belong to their golden records, are not the same.",
                        link.by(),
                        link.at()));
            }
            for (var system : policy.duplicateFree()) {
                var one = ofSystem(left, system);
                var other = ofSystem(right, system);
                if (one == null || other == null || (one.equals(a.key()) && other.equals(b.key()))) continue;
                assertions.add(new Assertion(
                        Ground.DUPLICATE_FREE,
                        Decision.NO_MATCH,
                        "Their golden records hold " + one + " and " + other + ", and " + system
                                + " holds each thing once.",
                        null,
                        null));
            }
        }

        private void assertConditions(MatchDecision computed) {
            for (var evidence : computed.evidence()) {
                boolean veto = evidence.level().equals("veto");
                if (!veto && !evidence.level().equals("certain")) continue;
                assertions.add(new Assertion(
                        Ground.CONDITION,
                        veto ? Decision.NO_MATCH : Decision.MATCH,
                        "The rule \"" + evidence.name() + "\" "
                                + (veto ? "forbids it whatever else speaks for it." : "takes it for certain."),
                        computed.ruleSet(),
                        null));
            }
        }

        private void assertNoKey(List<SharedKey> keys) {
            assertions.add(new Assertion(
                    Ground.NO_KEY,
                    Decision.NO_MATCH,
                    keys.isEmpty()
                            ? "They share no block key, so the rules never compare them."
                            : "They share only block keys that too many records hold, so the rules never compare them.",
                    null,
                    null));
        }

        private List<SharedKey> shared(TreeSet<String> values) {
            var known = tx.blocks().find(values);
            return values.stream()
                    .map(value -> {
                        var key = known.getOrDefault(value, new BlockKey(value, 0, false, List.of()));
                        return new SharedKey(value, key.records(), key.generic());
                    })
                    .toList();
        }

        private List<Compared> compared(MatchDecision computed) {
            if (computed == null) return List.of();
            return computed.evidence().stream()
                    .map(evidence -> new Compared(evidence, ComparedAttributes.of(rules.type(), evidence.name())))
                    .toList();
        }

        private Conclusion conclusion(MatchDecision computed, boolean same, MatchPolicy policy) {
            for (var ground : List.of(Ground.NOT_KNOWN, Ground.VERDICT, Ground.SOURCE, Ground.NOT_LIVE)) {
                var found = first(ground);
                if (found != null) return new Conclusion(found.says(), ground, found.text());
            }
            if (same) return together(computed, policy);
            if (computed.score() < policy.reviewBits()) {
                var veto = first(Ground.CONDITION);
                if (veto != null && veto.says() == Decision.NO_MATCH) {
                    return new Conclusion(Decision.NO_MATCH, Ground.CONDITION, veto.text());
                }
                if (first(Ground.NO_KEY) == null) return scored(Decision.NO_MATCH, computed, policy);
            }
            for (var ground : List.of(Ground.NO_KEY, Ground.VERDICT_OF_OTHERS, Ground.DUPLICATE_FREE)) {
                var found = first(ground);
                if (found != null) return new Conclusion(Decision.NO_MATCH, ground, found.text());
            }
            if (computed.decision() != Decision.MATCH) return scored(computed.decision(), computed, policy);
            return new Conclusion(
                    Decision.REVIEW,
                    Ground.OTHERS_AGAINST,
                    "The values match, but the other records of their golden records speak against it.");
        }

        private Conclusion together(MatchDecision computed, MatchPolicy policy) {
            var certain = first(Ground.CONDITION);
            if (certain != null && certain.says() == Decision.MATCH) {
                return new Conclusion(Decision.MATCH, Ground.CONDITION, certain.text());
            }
            if (computed.decision() == Decision.MATCH && first(Ground.NO_KEY) == null) {
                return scored(Decision.MATCH, computed, policy);
            }
            return new Conclusion(
                    Decision.MATCH,
                    Ground.THROUGH_OTHERS,
                    "Both belong to one golden record through its other records.");
        }

        private Conclusion scored(Decision decision, MatchDecision computed, MatchPolicy policy) {
            var text =
                    switch (decision) {
                        case MATCH ->
                            "The score of %.1f bits is at least the %.1f from which a pair is the same."
                                    .formatted(computed.score(), policy.autoBits());
                        case REPORT ->
                            "The score of %.1f bits is at least the %.1f from which a pair is the same, and the rules only report it."
                                    .formatted(computed.score(), policy.autoBits());
                        case REVIEW ->
                            computed.score() >= policy.autoBits()
                                    ? "The score of %.1f bits is at least the %.1f from which a pair is the same, and the rules ask before they merge."
                                            .formatted(computed.score(), policy.autoBits())
                                    : "The score of %.1f bits is between %.1f and %.1f, so a person is asked."
                                            .formatted(computed.score(), policy.reviewBits(), policy.autoBits());
                        case NO_MATCH ->
                            computed.score() >= policy.reviewBits()
                                    ? "The score is %.1f bits, but rules never merge one of them (skipWhen), or only report."
                                            .formatted(computed.score())
                                    : "The score of %.1f bits is below the %.1f from which a person is asked."
                                            .formatted(computed.score(), policy.reviewBits());
                    };
            return new Conclusion(decision, Ground.SCORE, text);
        }

        private Assertion first(Ground ground) {
            return assertions.stream()
                    .filter(one -> one.ground() == ground)
                    .findFirst()
                    .orElse(null);
        }
    }

    private static TreeSet<RecordKey> live(List<Member> members) {
        var keys = new TreeSet<RecordKey>();
        for (var member : members) {
            if (member.record().state().counts()) keys.add(member.record().key());
        }
        return keys;
    }

    private static RecordKey ofSystem(TreeSet<RecordKey> keys, String system) {
        return keys.stream()
                .filter(key -> key.system().equals(system))
                .findFirst()
                .orElse(null);
    }
}
