package io.kintsugi.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.cluster.GoldenIds.Former;
import io.kintsugi.core.cluster.PairScore;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRulesReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Records and their goldens, to be changed and planned for, as text: {@code G1: crm:1 erp:2-} is a golden with a live and a deleted
 * record ({@code ?} is one without keys), {@code G2 -> G1} a retired golden, {@code G3 deleted} one that is not in use. Goldens are
 * as old as their numbers say, and new ones are called {@code new1} and so on.
 */
final class Picture {
    static final long POLICY = 7;
    static final String POLICIES = "authority 7, match 1";
    private double strangers = -6;
    private static final EntityType TYPE = new EntityType(
            "contact", EntityType.Kind.PERSON, List.of(new Attribute("phone", AttributeType.PHONE, null)));

    private final ResolutionPlanner planner;
    private final Map<RecordKey, SourceRecord> records = new HashMap<>();
    private final Map<RecordKey, Membership> memberships = new HashMap<>();
    private final Map<String, GoldenRecord> goldens = new TreeMap<>();
    private final Map<String, Link> links = new LinkedHashMap<>();
    private final List<Former> formers = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long version;
    private int fresh;
    private ResolutionPlan last;

    Picture(String... goldens) {
        this(Set.of(), goldens);
    }

    /** Each line is a golden with its records; they joined in the order they are written. */
    Picture(Set<String> duplicateFree, String... lines) {
        planner = new ResolutionPlanner(
                TYPE,
                new MatchPolicy(
                        "contact",
                        1,
                        MatchRulesReader.shipped(EntityType.Kind.PERSON).withThresholds(1, 0),
                        duplicateFree),
                new AuthorityPolicy("contact", POLICY, new Rule(Strategy.LATEST, List.of()), Map.of()),
                POLICIES);
        for (var line : lines) {
            var id = line.substring(0, line.indexOf(':'));
            for (var record : line.substring(id.length() + 1).strip().split(" ")) {
                record(record);
                now = now.plusSeconds(1);
                memberships.put(key(record), new Membership(key(record), id, now, Origin.RULE, Set.of()));
            }
            goldens.put(id, new GoldenRecord(id, "contact", GoldenState.ACTIVE, 1, Map.of(), null, now, now));
        }
    }

    static RecordKey key(String text) {
        var parts = text.split("[:?-]");
        return new RecordKey(parts[0], "contact", parts[1]);
    }

    /** A record is there, anew or changed. Its phone is its own name unless one is given. */
    Picture record(String text, String... phone) {
        var state =
                text.endsWith("-") ? RecordState.DELETED : text.endsWith("?") ? RecordState.UNKEYED : RecordState.LIVE;
        now = now.plusSeconds(1);
        var value = Map.of("phone", phone.length == 0 ? key(text).externalId() : phone[0]);
        records.put(
                key(text),
                SourceRecord.observed(key(text), "people", value, now, now, null)
                        .withState(state));
        return this;
    }

    Picture state(String text, RecordState state) {
        records.put(key(text), records.get(key(text)).withState(state));
        return this;
    }

    Picture deleted(String text) {
        return state(text, RecordState.DELETED);
    }

    Picture matches(String a, String b) {
        return link(a, b, Origin.RULE, Decision.MATCH, 9);
    }

    /** What two records score that no link ties. */
    Picture strangers(double bits) {
        strangers = bits;
        return this;
    }

    /** With a score near the highest that counts. */
    Picture matchesSurely(String a, String b) {
        return link(a, b, Origin.RULE, Decision.MATCH, 14);
    }

    Picture stewardSaysSame(String a, String b) {
        return link(a, b, Origin.STEWARD, Decision.MATCH, 0);
    }

    Picture stewardSaysDifferent(String a, String b) {
        return link(a, b, Origin.STEWARD, Decision.NO_MATCH, 0);
    }

    Picture sourceSaysSame(String a, String b) {
        return link(a, b, Origin.SOURCE, Decision.MATCH, 0);
    }

    private Picture link(String a, String b, Origin origin, Decision decision, double score) {
        boolean ordered = key(a).compareTo(key(b)) < 0;
        var link = new Link(
                key(ordered ? a : b),
                key(ordered ? b : a),
                origin,
                decision,
                LinkState.ACTIVE,
                score,
                List.of(),
                null,
                "test",
                now);
        links.put(link.a() + " " + link.b() + " " + origin, link);
        return this;
    }

    /** What is said from here on is said later. */
    Picture later() {
        now = now.plusSeconds(60);
        return this;
    }

    /** Takes back what links two records, whoever said it. */
    Picture forget(String a, String b) {
        links.keySet().removeIf(name -> name.startsWith(pair(a, b) + " "));
        return this;
    }

    /** Takes back what rules think of two records. */
    Picture forgetRule(String a, String b) {
        links.remove(pair(a, b) + " " + Origin.RULE);
        return this;
    }

    private static String pair(String a, String b) {
        boolean ordered = key(a).compareTo(key(b)) < 0;
        return key(ordered ? a : b) + " " + key(ordered ? b : a);
    }

    Picture resolve(String... chosen) {
        now = now.plusSeconds(60);
        var scope = new HashMap<String, GoldenRecord>();
        memberships.values().forEach(seat -> scope.put(seat.goldenId(), goldens.get(seat.goldenId())));
        var retired = new HashMap<>(goldens);
        retired.values().removeIf(golden -> golden.state() != GoldenState.RETIRED);
        last = planner.plan(
                new Scope(
                        Map.copyOf(records),
                        Map.copyOf(memberships),
                        scope,
                        List.copyOf(links.values()),
                        formers.stream()
                                .filter(f -> retired.containsKey(f.goldenId()))
                                .toList(),
                        retired,
                        Set.of(chosen)),
                PairScore.of((a, b) -> strangers, (a, b) -> false, (a, b) -> false),
                () -> "new" + ++fresh,
                () -> ++version,
                Origin.RULE,
                now);
        last.goldens().forEach(golden -> goldens.put(golden.id(), golden));
        last.assign().forEach(membership -> memberships.put(membership.record(), membership));
        for (var absorption : last.absorptions()) {
            for (var id : absorption.absorbed()) {
                var gave = new java.util.HashSet<RecordKey>();
                absorption.moved().forEach(move -> {
                    if (move.from().equals(id)) gave.add(move.record());
                });
                formers.add(0, new Former(id, gave));
            }
        }
        return this;
    }

    ResolutionPlan plan() {
        return last;
    }

    GoldenRecord golden(String id) {
        return goldens.get(id);
    }

    Membership membership(String record) {
        return memberships.get(key(record));
    }

    /** The names of all records. */
    List<String> records() {
        return records.keySet().stream()
                .map(key -> key.system() + ":" + key.externalId())
                .sorted()
                .toList();
    }

    /** The live records of each golden that has any, by its id. */
    Map<String, Set<String>> live() {
        var live = new TreeMap<String, Set<String>>();
        memberships.values().forEach(seat -> {
            if (records.get(seat.record()).state().counts())
                live.computeIfAbsent(seat.goldenId(), id -> new TreeSet<>()).add(name(seat.record()));
        });
        return live;
    }

    Picture shows(String... lines) {
        var recordsOf = new TreeMap<String, List<RecordKey>>();
        memberships.values().forEach(seat -> recordsOf
                .computeIfAbsent(seat.goldenId(), id -> new ArrayList<>())
                .add(seat.record()));
        var shown = new ArrayList<String>();
        goldens.forEach((id, golden) -> {
            var text = new StringBuilder(id);
            if (golden.state() == GoldenState.DELETED) text.append(" deleted");
            if (golden.state() == GoldenState.RETIRED) text.append(" -> ").append(golden.redirectsTo());
            var own = recordsOf.getOrDefault(id, List.of());
            if (!own.isEmpty()) text.append(':');
            own.stream().sorted().forEach(record -> text.append(' ').append(name(record)));
            shown.add(text.toString());
        });
        assertThat(shown).containsExactly(lines);
        return this;
    }

    private String name(RecordKey key) {
        return key.system() + ":" + key.externalId()
                + switch (records.get(key).state()) {
                    case LIVE -> "";
                    case DELETED -> "-";
                    case MERGED -> ">";
                    case FOLDED -> "<";
                    case RETURNING -> "+";
                    case UNKEYED -> "?";
                    case DISCONNECTED -> "~";
                    case SEVERED -> "!";
                };
    }
}
