package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.SurvivorId;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Merges that people make inside a system, through the whole flow; on the in-memory store and on the graph. Anna is in crm and erp,
 * Bruno in crm and web; then somebody merges the two in crm.
 */
abstract class SystemMergeContract {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04");
    private static final Map<String, Object> BRUNO =
            Map.of("first", "Bruno", "last", "Silva", "email", "bruno@silva.example", "born", "1975-05-05");

    private static final Set<String> ALL = Set.of("crm:contact:1", "crm:contact:2", "erp:contact:1", "web:contact:2");

    private HubUnderTest hub;
    private String anna;
    private String bruno;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void twoPeople() {
        begin(new HubUnderTest(emptyStore(), false, "crm", "erp", "web"));
    }

    private void begin(HubUnderTest begun) {
        hub = begun;
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("1", ANNA);
        hub.system("crm").edit("2", BRUNO);
        hub.system("web").edit("2", BRUNO);
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        anna = hub.golden("crm:contact:1").id();
        bruno = hub.golden("crm:contact:2").id();
    }

    private RecordState state(String key) {
        var record = RecordKey.parse(key);
        return hub.store
                .read(tx -> tx.records().find(List.of(record)))
                .get(record)
                .state();
    }

    private List<Review> open() {
        return hub.store
                .read(tx -> tx.reviews()
                        .list(new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "openedAt"), null, 10))
                .items();
    }

    private MergeEvent event(String golden) {
        return hub.store.read(tx -> tx.merges().ofGolden(golden)).get(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "MRG-3: the golden records of what a system merged are one; nothing is deleted, and each id leads there")
    void aMergeIsNoDelete(boolean told) {
        hub.system("crm").tellsMerges = told;
        hub.system("crm").merge("1", "2", false);
        hub.settle();
        assertThat(hub.clusters()).containsExactly(ALL);
        assertThat(state("crm:contact:2")).isEqualTo(RecordState.MERGED);
        assertThat(hub.golden("crm:contact:2").id()).isEqualTo(anna);
        assertThat(hub.currentId(bruno)).isEqualTo(anna);
        var event = event(anna);
        assertThat(event.origin()).isEqualTo(Origin.SOURCE);
        assertThat(event.by()).isEqualTo("crm");
        assertThat(event.absorbed()).containsExactly(bruno);
        assertThat(event.moved())
                .extracting(move -> move.record().toString())
                .containsExactlyInAnyOrder("crm:contact:2", "web:contact:2");
        assertThat(hub.system("web").value("2", "first")).as("in step").isEqualTo("Anna");
        assertThat(open()).isEmpty();
    }

    @Test
    @DisplayName("MRG-3: the survivor's golden record goes on, also if it is the younger one")
    void theSurvivorsGoldenGoesOn() {
        hub.system("crm").merge("2", "1", false);
        hub.settle();
        assertThat(hub.currentId(anna)).isEqualTo(bruno);
        assertThat(hub.golden("erp:contact:1").id()).isEqualTo(bruno);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("ID-8: where a merge makes a new id, both old ones lead to its golden record")
    void aNewIdIsAContinuation(boolean told) {
        hub.system("crm").tellsMerges = told;
        hub.system("crm").merge("1", "2", true);
        hub.settle();
        assertThat(hub.clusters())
                .containsExactly(
                        Set.of("crm:contact:1", "crm:contact:1+2", "crm:contact:2", "erp:contact:1", "web:contact:2"));
        assertThat(state("crm:contact:1")).isEqualTo(RecordState.MERGED);
        assertThat(hub.golden("crm:contact:2").id())
                .isEqualTo(hub.golden("crm:contact:1+2").id());
        assertThat(Set.of(anna, bruno)).contains(hub.golden("crm:contact:1+2").id());
    }

    @Test
    @DisplayName("MRG-3: a merge of two records that are one already only takes one of them away")
    void twoOfOneGolden() {
        hub.system("crm").edit("3", ANNA);
        hub.settle();
        assertThat(hub.golden("crm:contact:3").id()).isEqualTo(anna);
        hub.system("crm").merge("3", "1", false);
        hub.settle();
        assertThat(hub.golden("crm:contact:1").id()).isEqualTo(anna);
        assertThat(state("crm:contact:1")).isEqualTo(RecordState.MERGED);
        List<MergeEvent> events = hub.store.read(tx -> tx.merges().ofGolden(anna));
        assertThat(events).isEmpty();
    }

    @Test
    @DisplayName("MRG-3: a golden record that held nothing but the loser retires into the survivor's")
    void aLoneLoser() {
        hub.system("crm").edit("3", Map.of("first", "Carla", "last", "Rossi", "email", "carla@rossi.example"));
        hub.settle();
        var carla = hub.golden("crm:contact:3").id();
        hub.system("crm").merge("1", "3", false);
        hub.settle();
        assertThat(hub.currentId(carla)).isEqualTo(anna);
        assertThat(hub.golden("crm:contact:3").id()).isEqualTo(anna);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("R11, R18: chains of merges lead to the last survivor, told at once or one by one")
    void chains(boolean oneByOne) {
        hub.system("crm").edit("3", Map.of("first", "Carla", "last", "Rossi", "email", "carla@rossi.example"));
        hub.settle();
        var carla = hub.golden("crm:contact:3").id();
        hub.system("crm").merge("2", "1", false);
        if (oneByOne) hub.settle();
        hub.system("crm").merge("3", "2", false);
        hub.settle();
        assertThat(hub.clusters()).hasSize(1);
        for (var id : List.of("1", "2")) assertThat(state("crm:contact:" + id)).isEqualTo(RecordState.MERGED);
        assertThat(hub.currentId(anna)).isEqualTo(carla);
        assertThat(hub.currentId(bruno)).isEqualTo(carla);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("R17: a survivor that is deleted already has still made them one")
    void theSurvivorIsDeletedAlready(boolean told) {
        hub.system("crm").tellsMerges = told;
        hub.system("crm").merge("1", "2", false);
        hub.system("crm").delete("1");
        hub.settle();
        assertThat(hub.clusters()).containsExactly(ALL);
        assertThat(state("crm:contact:1")).isEqualTo(RecordState.DELETED);
        assertThat(state("crm:contact:2")).isEqualTo(RecordState.MERGED);
        assertThat(hub.golden("web:contact:2").id())
                .isEqualTo(hub.golden("erp:contact:1").id());
        assertThat(hub.golden("web:contact:2").state()).isEqualTo(GoldenState.ACTIVE);
    }

    @Test
    @DisplayName("R18: a survivor that was never read is read")
    void theSurvivorWasNeverRead() {
        hub.system("crm").down = true;
        hub.system("crm").edit("9", Map.of("first", "Nina", "last", "Okafor", "email", "nina@okafor.example"));
        hub.system("crm").merge("9", "1", false);
        hub.system("crm").down = false;
        hub.settle();
        assertThat(hub.golden("crm:contact:9").id()).isEqualTo(anna);
        assertThat(hub.golden("crm:contact:1").id()).isEqualTo(anna);
        assertThat(hub.golden("erp:contact:1").id()).isEqualTo(anna);
    }

    @Test
    @DisplayName("DEL-8: what people merged a record of theirs into is theirs, also if the hub had never read that one")
    void theLoserWasNeverRead() {
        begin(new HubUnderTest(emptyStore(), true, "crm", "erp", "web"));
        var web = hub.system("web");
        var made = new TreeSet<>(web.records().keySet());
        made.remove("2");
        assertThat(made).as("Anna, created by the hub").hasSize(1);
        var key = RecordKey.parse("web:contact:" + made.first());
        assertThat(isMade(key)).isTrue();
        web.edit("9", Map.of("first", "Nina", "last", "Okafor", "email", "nina@okafor.example"));
        web.merge(made.first(), "9", false);
        hub.settle();
        assertThat(isMade(key)).isFalse();
    }

    private boolean isMade(RecordKey key) {
        return hub.store.read(tx -> tx.records().find(List.of(key))).get(key).provisioned();
    }

    @Test
    @DisplayName("MRG-3: a loser that was not resolved yet leads to the survivor's golden record too")
    void beforeItHadAGolden() {
        hub.system("crm").edit("8", Map.of("first", "Nina", "last", "Okafor", "email", "nina@okafor.example"));
        hub.system("crm").edit("9", Map.of("first", "Otto", "last", "Petersen", "email", "otto@petersen.example"));
        hub.read("crm");
        hub.system("crm").merge("9", "8", false);
        hub.settle();
        assertThat(hub.golden("crm:contact:8")).isEqualTo(hub.golden("crm:contact:9"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("MRG-3: neither the loser nor the winner had a golden record when both became a third record")
    void noneHadAGolden(boolean told) {
        hub.system("crm").tellsMerges = told;
        hub.system("crm").edit("8", Map.of("first", "Zoe", "last", "Zimmer", "email", "zoe@zimmer.example"));
        hub.system("crm").edit("9", Map.of("first", "Yann", "last", "Young", "email", "yann@young.example"));
        hub.read("crm");
        var made = "crm:contact:" + hub.system("crm").merge("8", "9", true);
        hub.read("crm");
        while (hub.resolver.resolvePending(1) > 0) {
            // each by itself: the losers before what they became
        }
        assertThat(state("crm:contact:8")).isEqualTo(RecordState.MERGED);
        assertThat(hub.golden("crm:contact:8").id()).isEqualTo(hub.golden(made).id());
        assertThat(hub.golden("crm:contact:9").id()).isEqualTo(hub.golden(made).id());
    }

    @Test
    @DisplayName("MRG-3: what is missing when a system is read whole may have been merged")
    void missingRecordsAreAskedFor() {
        hub.system("crm").merge("1", "2", false);
        hub.system("crm").forget("none");
        hub.settle();
        assertThat(state("crm:contact:2")).isEqualTo(RecordState.MERGED);
        assertThat(hub.clusters()).containsExactly(ALL);
    }

    @Test
    @DisplayName("MRG-3: told twice it is one merge, and what a steward took apart stays so")
    void repeatsChangeNothing() {
        hub.system("crm").merge("1", "2", false);
        hub.settle();
        unmerge(event(anna));
        hub.system("crm").repeat(2);
        hub.settle();
        assertThat(hub.clusters()).hasSize(2);
        assertThat(open()).isEmpty();
    }

    private void unmerge(MergeEvent event) {
        var id = hub.currentId(event.survivor());
        long revision =
                hub.store.read(tx -> tx.goldens().find(List.of(id)).get(id).revision());
        hub.clock.advance(Duration.ofMinutes(1));
        hub.stewardship.unmerge(event.id(), UnmergeMode.SINGLE, revision, "not the same", "sam");
        hub.settle();
    }

    @Test
    @DisplayName("MRG-3: an unmerge gives the others their golden record back, and makes the loser not again")
    void aSystemsMergeCanBeUndone() {
        hub.system("crm").merge("1", "2", false);
        hub.settle();
        unmerge(event(anna));
        assertThat(hub.golden("web:contact:2").id()).isEqualTo(bruno);
        assertThat(hub.golden("crm:contact:2").id()).isEqualTo(bruno);
        assertThat(hub.golden("crm:contact:1").id()).isEqualTo(anna);
        assertThat(hub.system("web").value("2", "first")).isEqualTo("Bruno");
        assertThat(hub.system("crm").records()).containsOnlyKeys("1");
    }

    @Test
    @DisplayName(
            "MRG-3: a value that the system moved by a merge is as old, and as much the hub's own, as it was before")
    void movedValuesKeepTheirOrigin() {
        begin(new HubUnderTest(
                emptyStore(),
                false,
                new Rule(Strategy.SYSTEM_RANK, List.of("crm", "erp", "web")),
                "crm",
                "erp",
                "web"));
        hub.system("web").edit("2", Map.of("city", "Porto"));
        hub.settle();
        assertThat(hub.system("crm").value("2", "city")).isEqualTo("Porto");
        hub.system("crm").merge("1", "2", false);
        hub.settle();
        assertThat(hub.system("crm").value("1", "city")).isEqualTo("Porto");
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("web").edit("2", Map.of("city", "Braga"));
        hub.settle();
        assertThat(hub.system("crm").value("1", "city"))
                .as("a copy freezes nothing")
                .isEqualTo("Braga");
    }

    @Test
    @DisplayName("R13: a write to a record that was merged meanwhile goes nowhere, and its value to the survivor")
    void aWriteUnderWay() {
        hub.system("crm").loseReplies = true;
        hub.system("web").edit("2", Map.of("city", "Porto"));
        hub.read("web");
        hub.resolver.resolvePending(10);
        hub.send("crm");
        hub.system("crm").loseReplies = false;
        hub.system("crm").merge("1", "2", false);
        hub.clock.advance(Duration.ofMinutes(3));
        hub.send("crm");
        hub.settle();
        assertThat(hub.clusters()).containsExactly(ALL);
        assertThat(hub.system("crm").value("1", "city")).isEqualTo("Porto");
        assertThat(hub.values("crm:contact:1")).containsEntry("city", "Porto");
        assertThat(isCopy("crm:contact:1", "city"))
                .as("nobody entered it there")
                .isTrue();
        Optional<Instant> due = hub.store.read(tx -> tx.outbox().nextDue("crm"));
        assertThat(due).isEmpty();
    }

    @Test
    @DisplayName("SYN-3: what the hub wrote is its own also where the parts of what a merge made are learnt one by one")
    void partsLearntOneByOne() {
        var crm = shouting();
        crm.merges = SurvivorId.NEW_ID;
        hub.system("erp").edit("1", Map.of("city", "Lisbon"));
        hub.settle();
        assertThat(crm.value("1", "city")).isEqualTo("LISBON");
        hub.clock.advance(Duration.ofMinutes(1));
        crm.merge("1", "2", true);
        hub.system("web").edit("2", Map.of("phone", "+351 21 123 4567"));
        hub.read("web");
        hub.resolver.resolvePending(20);
        hub.send("crm");
        assertThat(state("crm:contact:2")).isEqualTo(RecordState.MERGED);
        assertThat(state("crm:contact:1")).as("nobody knows yet").isEqualTo(RecordState.LIVE);
        hub.settle();
        assertThat(state("crm:contact:1")).isEqualTo(RecordState.MERGED);
        assertThat(hub.values("crm:contact:1+2")).containsEntry("city", "Lisbon");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "SYN-3: what the hub wrote is its own also where the survivor was read before it was told of the merge")
    void theSurvivorIsReadFirst(boolean forgotten) {
        var crm = shouting();
        hub.system("web").edit("2", Map.of("city", "Porto"));
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        crm.merge("1", "2", false);
        assertThat(crm.value("1", "city")).isEqualTo("PORTO");
        hub.system("erp").edit("1", Map.of("phone", "+351 21 123 4567"));
        hub.read("erp");
        hub.resolver.resolvePending(20);
        hub.send("crm");
        assertThat(state("crm:contact:2")).as("nobody knows yet").isEqualTo(RecordState.LIVE);
        if (forgotten) crm.forget("none"); // and when that was nobody will
        hub.settle();
        assertThat(state("crm:contact:2")).isEqualTo(RecordState.MERGED);
        assertThat(hub.values("crm:contact:1")).containsEntry("city", "Porto");
        assertThat(isCopy("crm:contact:1", "city")).isTrue();
    }

    @Test
    @DisplayName(
            "SYN-3: what a person had entered before a merge is theirs, though the record that is gone held the same")
    void theSurvivorHadItBefore() {
        hub.system("crm").tellsMerges = false;
        hub.system("web").edit("2", Map.of("city", "Porto"));
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("crm").edit("1", Map.of("city", "Porto"));
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("crm").merge("1", "2", false);
        hub.settle();
        assertThat(isCopy("crm:contact:1", "city")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "SYN-3: what a create wrote is the hub's own also where people merged what it made before the hub read it")
    void aCreateWithoutAnAnswer(boolean survivorReadFirst) throws ConnectorException {
        begin(new HubUnderTest(emptyStore(), true, "crm", "erp", "web"));
        var crm = shouting();
        var before = Set.copyOf(crm.records().keySet());
        crm.loseReplies = true;
        var carla = Map.<String, Object>of(
                "first", "Carla", "last", "Rossi", "email", "carla@rossi.example", "city", "Porto");
        hub.system("erp").edit("3", carla);
        hub.read("erp");
        hub.resolver.resolvePending(10);
        hub.sendOnce("crm");
        crm.loseReplies = false;
        var made = new TreeSet<>(crm.records().keySet());
        made.removeAll(before);
        hub.clock.advance(Duration.ofSeconds(10));
        crm.rewrite((id, record) -> record.put(SimulatedSystem.LINK_KEY, null)); // no key survives a merge
        crm.merge("1", made.first(), false);
        assertThat(crm.value("1", "city")).isEqualTo("PORTO");
        if (survivorReadFirst) {
            hub.system("erp").edit("1", Map.of("phone", "+351 21 123 4567"));
            hub.read("erp");
            hub.resolver.resolvePending(20);
            hub.sendOnce("crm");
            hub.resolver.resolvePending(20);
            assertThat(hub.values("crm:contact:1")).containsEntry("city", "PORTO");
        }
        hub.settle();
        assertThat(isCopy("crm:contact:1", "city")).isTrue();
        assertThat(hub.values("crm:contact:1")).containsEntry("city", "Porto");
    }

    private SimulatedSystem shouting() {
        var crm = hub.system("crm");
        crm.tellsMerges = false;
        crm.normalise =
                (field, value) -> field.equals("city") ? value.toString().toUpperCase(Locale.ROOT) : value;
        return crm;
    }

    private boolean isCopy(String key, String attribute) {
        var record = RecordKey.parse(key);
        return hub.store
                .read(tx -> tx.records().find(List.of(record)))
                .get(record)
                .states()
                .get(attribute)
                .copied();
    }

    @Test
    @DisplayName("MRG-3: a record that its system gives back is there again")
    void aMergeThatTheSystemTookBack() {
        hub.system("crm").merge("1", "2", false);
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("crm").edit("2", BRUNO);
        hub.settle();
        assertThat(state("crm:contact:2")).isEqualTo(RecordState.LIVE);
    }
}
