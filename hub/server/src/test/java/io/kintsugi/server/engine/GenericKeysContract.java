package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRulesReader;
import io.kintsugi.core.policy.Merging;
import io.kintsugi.core.policy.Merging.Brake;
import io.kintsugi.core.store.Blocks.BlockKey;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.explain.GenericKeys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Values that too many records hold, through the whole flow; on the in-memory store and on the graph. */
abstract class GenericKeysContract {
    private static final String DESK = "desk@acme.example";
    private static final String KEY = "contact:email:" + DESK;
    private static final int CAP = 4;
    private HubUnderTest hub;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void twoSystems() {
        hub = empty();
    }

    private HubUnderTest empty() {
        return new HubUnderTest(emptyStore(), false, "crm", "erp").matching(mostHolders(CAP));
    }

    private static MatchPolicy mostHolders(int most) {
        var rules = MatchRulesReader.shipped(EntityType.Kind.PERSON).withKeyCap(most);
        var usual = Merging.AUTO; // a history may merge more than it lets through in a day
        var merging = new Merging(usual.mode(), usual.maxClusterSize(), usual.skipWhen(), new Brake(10_000, 100));
        return new MatchPolicy("contact", 1, rules, Set.of(), merging);
    }

    private static Map<String, Object> person(String first, String email) {
        return Map.of("first", first, "email", email);
    }

    /** One that has a key besides the e-mail. */
    private static Map<String, Object> named(String first, String last, String email) {
        return Map.of("first", first, "last", last, "email", email);
    }

    private void desk(String system, String id, String first) {
        hub.system(system).edit(id, person(first, DESK));
        hub.takeIn();
    }

    private static List<String> generic(HubUnderTest hub) {
        return hub.store.read(tx -> tx.blocks().generic(100)).stream()
                .map(BlockKey::value)
                .sorted()
                .toList();
    }

    /** The clusters of records that are there. */
    private static Set<Set<String>> live(HubUnderTest hub) {
        var clusters = new HashSet<Set<String>>();
        for (var cluster : hub.clusters()) {
            var live = new TreeSet<>(cluster);
            live.removeIf(key -> state(hub, key) != RecordState.LIVE);
            if (!live.isEmpty()) clusters.add(live);
        }
        return clusters;
    }

    private static RecordState state(HubUnderTest hub, String record) {
        var key = RecordKey.parse(record);
        return hub.store.read(tx -> tx.records().find(List.of(key)).get(key)).state();
    }

    @Test
    @DisplayName("ID-10: a value that too many hold brings nobody together any more, and the merges it made are listed")
    void aValueThatTooManyHoldStopsAndItsMergesAreListed() {
        var keys = new GenericKeys(hub.store);
        desk("crm", "1", "Anna");
        desk("erp", "1", "Anna");
        var golden = hub.golden("crm:contact:1").id();
        assertThat(hub.golden("erp:contact:1").id()).as("by the e-mail alone").isEqualTo(golden);
        assertThat(keys.of(KEY).orElseThrow().together()).singleElement().satisfies(one -> assertThat(one.records())
                .hasSize(2));
        for (var name : new String[] {"Bruno", "Carla", "Dmitri"}) desk("crm", name, name);

        var affected = keys.of(KEY).orElseThrow();
        assertThat(affected.generic()).isTrue();
        assertThat(affected.records()).isEqualTo(5);
        assertThat(hub.clusters()).as("it counts no more").hasSize(5);
        assertThat(affected.apart()).singleElement().satisfies(one -> {
            assertThat(one.from()).isEqualTo(golden);
            assertThat(one.golden()).isNotEqualTo(golden);
        });
        assertThat(affected.together()).isEmpty();
        assertThat(generic(hub)).contains(KEY);
    }

    @Test
    @DisplayName(
            "ID-10: a value that too many hold is no evidence either, where something else brings two records together")
    void aValueThatTooManyHoldIsNoEvidence() {
        hub.system("crm").edit("1", named("John", "Smith", DESK));
        hub.system("erp").edit("1", named("John", "Smith", DESK));
        hub.takeIn();
        var a = RecordKey.parse("crm:contact:1");
        var b = RecordKey.parse("erp:contact:1");
        assertThat(hub.golden("crm:contact:1").id())
                .isEqualTo(hub.golden("erp:contact:1").id());
        double before = hub.explanations.compare(a, b).score();
        for (var name : new String[] {"Bruno", "Carla", "Dmitri"}) desk("crm", name, name);
        assertThat(generic(hub)).contains(KEY);
        assertThat(hub.golden("crm:contact:1").id())
                .as("they share a name, as many do")
                .isNotEqualTo(hub.golden("erp:contact:1").id());
        var now = hub.explanations.compare(a, b);
        assertThat(now.score()).isLessThan(before - 3);
        assertThat(now.evidence()).noneMatch(evidence -> evidence.toString().contains(DESK));

        hub.system("crm").delete("Bruno");
        hub.takeIn();
        assertThat(hub.golden("crm:contact:1").id())
                .isEqualTo(hub.golden("erp:contact:1").id());
        assertThat(hub.explanations.compare(a, b).score()).isEqualTo(before);
    }

    @Test
    void anUnknownKeyHasNothing() {
        assertThat(new GenericKeys(hub.store).of("contact:email:none")).isEmpty();
    }

    @Test
    @DisplayName("ID-2, ID-10: what too many held brings together again who is left, as if the others had never been")
    void whoIsLeftIsBroughtTogether() {
        for (int i = 0; i < CAP + 3; i++) hub.system("crm").edit("" + i, person("Anna", DESK));
        hub.takeIn();
        assertThat(generic(hub)).contains(KEY);
        assertThat(live(hub)).hasSize(CAP + 3);
        hub.system("crm").delete("0");
        hub.system("crm").edit("1", person("Bruno", "bruno@acme.example"));
        hub.takeIn();
        assertThat(live(hub)).as("still one too many").hasSize(CAP + 2);
        hub.system("crm").edit("2", person("Anna", "anna@acme.example"));
        hub.takeIn();
        assertThat(generic(hub)).isEmpty();
        assertThat(live(hub))
                .contains(Set.of("crm:contact:3", "crm:contact:4", "crm:contact:5", "crm:contact:6"))
                .hasSize(3);
        desk("erp", "9", "Anna");
        assertThat(generic(hub)).as("one too many again").contains(KEY);
        assertThat(live(hub)).hasSize(CAP + 3);
    }

    @Test
    @DisplayName("ID-2, ERA: a record that is erased holds nothing any more")
    void anErasedRecordDoesNotCount() {
        for (int i = 0; i <= CAP; i++) desk("crm", "" + i, "Anna");
        assertThat(live(hub)).hasSize(CAP + 1);
        var golden = hub.golden("crm:contact:0");
        hub.erasing.erase(golden.id(), golden.revision(), "case 2026-17", "dana");
        hub.takeIn();
        assertThat(generic(hub)).isEmpty();
        assertThat(live(hub)).hasSize(1);
    }

    @Test
    @DisplayName("ID-2, GOV-1: rules that were published and taken back leave no trace in the clusters")
    void rulesThatWereTakenBackLeaveNoTrace() {
        for (int i = 0; i < CAP; i++) desk(i % 2 == 0 ? "crm" : "erp", "" + i, "Anna");
        for (int i = 10; i < 15; i++) hub.system("crm").edit("" + i, person("Berta", "all@acme.example"));
        hub.takeIn();
        var clusters = hub.clusters();
        var generic = generic(hub);
        assertThat(generic).contains("contact:email:all@acme.example").doesNotContain(KEY);
        for (int other : List.of(CAP - 1, 2, 100)) {
            hub.matching(mostHolders(other)).takeIn();
            assertThat(hub.clusters()).isNotEqualTo(clusters);
            hub.matching(mostHolders(CAP)).takeIn();
            assertThat(hub.clusters()).as("after %s", other).isEqualTo(clusters);
            assertThat(generic(hub)).as("after %s", other).isEqualTo(generic);
        }
    }

    /** ID-2, ID-10: histories that end in the same records and rules, with values held by about as many as may. */
    protected void assertHistoryDoesNotMatter(long seed) {
        var random = new Random(seed);
        var last = new HashMap<String, Map<String, Object>>();
        for (int i = 0; i < 24; i++) if (random.nextInt(4) > 0) last.put("" + i, anybody(random));
        var plain = empty();
        last.forEach((id, fields) -> plain.system(system(id)).edit(id, fields));
        plain.takeIn();
        var generic = generic(plain);
        var clusters = live(plain);
        for (int history = 0; history < 3; history++) {
            var lived = lived(last, random);
            assertThat(generic(lived)).as("history %s", history).isEqualTo(generic);
            assertThat(live(lived)).as("history %s", history).isEqualTo(clusters);
        }
    }

    private HubUnderTest lived(Map<String, Map<String, Object>> last, Random random) {
        var lived = empty();
        var steps = new ArrayList<Integer>();
        for (int i = 0; i < 24; i++) for (int n = random.nextInt(4); n >= 0; n--) steps.add(i);
        Collections.shuffle(steps, random);
        var left = new HashMap<Integer, Integer>();
        steps.forEach(i -> left.merge(i, 1, Integer::sum));
        for (int i : steps) {
            var id = "" + i;
            var system = lived.system(system(id));
            boolean ends = left.merge(i, -1, Integer::sum) == 0;
            if (ends && last.containsKey(id)) system.edit(id, last.get(id));
            else if (!ends && random.nextInt(5) > 0) system.edit(id, anybody(random));
            else if (system.records().containsKey(id)) system.delete(id);
            if (random.nextInt(12) == 0) lived.matching(mostHolders(2 + random.nextInt(6)));
            if (random.nextInt(3) == 0) lived.read(random.nextBoolean() ? "crm" : "erp");
            if (random.nextInt(2) == 0) lived.resolver.resolvePending(1 + random.nextInt(8));
        }
        return lived.matching(mostHolders(CAP)).takeIn();
    }

    private static String system(String id) {
        return Integer.parseInt(id) % 2 == 0 ? "crm" : "erp";
    }

    private static Map<String, Object> anybody(Random random) {
        var first = List.of("Anna", "Anna", "Bruno").get(random.nextInt(3));
        var email = "desk" + random.nextInt(5) + "@acme.example";
        return named(first, List.of("", "Kowalska", "Nowak").get(random.nextInt(3)), email);
    }
}
