package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Reviews;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The whole flow, steps 1 to 14, in both directions between three systems; runs on the in-memory store and on the graph.
 */
abstract class FlowContract {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04");

    private HubUnderTest hub;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void threeSystems() {
        hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "web");
    }

    private void annaEverywhere() {
        for (var name : List.of("crm", "erp", "web")) {
            hub.system(name).edit("1", ANNA);
            hub.clock.advance(Duration.ofSeconds(10));
        }
        hub.settle();
    }

    @Test
    @DisplayName("ID-1: one person in three systems has one golden record, found by the id of any system")
    void onePersonInThreeSystemsIsOneGolden() {
        annaEverywhere();
        var id = hub.golden("crm:contact:1").id();
        assertThat(hub.golden("erp:contact:1").id()).isEqualTo(id);
        assertThat(hub.golden("web:contact:1").id()).isEqualTo(id);
    }

    @Test
    @DisplayName("SYN-3: a change in one system makes exactly one write in each other system and none back")
    void anEditReachesTheOthersOnce() {
        annaEverywhere();
        hub.system("crm").edit("1", Map.of("phone", "+1 415 555 0134"));
        hub.settle();
        assertThat(hub.system("erp").value("1", "phone")).isEqualTo("+1 415 555 0134");
        assertThat(hub.system("web").value("1", "phone")).isEqualTo("+1 415 555 0134");
        assertThat(hub.system("erp").effects).hasSize(1);
        assertThat(hub.system("web").effects).hasSize(1);
        assertThat(hub.system("crm").effects).isEmpty();
    }

    @Test
    @DisplayName("SYN-3: a system that rewrites what it is given rests, and its image never comes back as an edit")
    void aNormalisingSystemRests() {
        hub.system("erp").normalise =
                (field, value) -> field.equals("city") ? value.toString().toUpperCase() + " *" : value;
        hub.system("web").normalise = (field, value) ->
                field.equals("city") ? value.toString().strip().substring(0, 4) : value;
        annaEverywhere();
        hub.system("crm").edit("1", Map.of("city", "Gdansk"));
        hub.settle();
        assertThat(hub.system("erp").value("1", "city")).isEqualTo("GDANSK *");
        assertThat(hub.system("web").value("1", "city")).isEqualTo("Gdan");
        assertThat(hub.values("crm:contact:1")).containsEntry("city", "Gdansk");
        assertThat(hub.system("erp").effects).hasSize(1);
        assertThat(hub.system("web").effects).hasSize(1);
        assertThat(hub.system("crm").effects).isEmpty();
    }

    @Test
    @DisplayName("SYN-3: also when the reply does not say what was stored")
    void aNormalisingSystemThatDoesNotReplyRests() {
        hub.system("erp").repliesWithRecord = false;
        hub.system("erp").normalise =
                (field, value) -> field.equals("city") ? value.toString().toUpperCase() : value;
        annaEverywhere();
        hub.system("crm").edit("1", Map.of("city", "Gdansk"));
        hub.settle();
        assertThat(hub.values("crm:contact:1")).containsEntry("city", "Gdansk");
        assertThat(hub.system("erp").effects).hasSize(1);
        assertThat(hub.system("crm").effects).isEmpty();
    }

    @Test
    void editsFlowInBothDirections() {
        annaEverywhere();
        hub.system("crm").edit("1", Map.of("phone", "+1 415 555 0134"));
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("web").edit("1", Map.of("phone", "+1 415 555 9999"));
        hub.settle();
        for (var name : List.of("crm", "erp", "web")) {
            assertThat(hub.system(name).value("1", "phone")).isEqualTo("+1 415 555 9999");
        }
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("erp").edit("1", Map.of("phone", "+1 415 555 7777"));
        hub.settle();
        for (var name : List.of("crm", "erp", "web")) {
            assertThat(hub.system(name).value("1", "phone")).isEqualTo("+1 415 555 7777");
        }
    }

    @Test
    void aCopyInTheMostTrustedSystemDoesNotFreezeTheAttribute() {
        var ranked = new HubUnderTest(
                emptyStore(), false, new Rule(Strategy.SYSTEM_RANK, List.of("crm", "erp", "web")), "crm", "erp", "web");
        for (var name : List.of("crm", "erp", "web")) ranked.system(name).edit("1", ANNA);
        ranked.settle();
        ranked.system("erp").edit("1", Map.of("phone", "+1 415 555 0001"));
        ranked.settle();
        assertThat(ranked.system("crm").value("1", "phone")).isEqualTo("+1 415 555 0001");
        ranked.clock.advance(Duration.ofMinutes(1));
        ranked.system("erp").edit("1", Map.of("phone", "+1 415 555 0002"));
        ranked.settle();
        assertThat(ranked.system("crm").value("1", "phone")).isEqualTo("+1 415 555 0002");
    }

    @Test
    void theTrustedSystemWinsAndTheOtherIsCorrected() {
        var ranked = new HubUnderTest(
                emptyStore(), false, new Rule(Strategy.SYSTEM_RANK, List.of("crm", "erp")), "crm", "erp");
        ranked.system("crm").edit("1", ANNA);
        ranked.system("erp").edit("1", ANNA);
        ranked.settle();
        ranked.clock.advance(Duration.ofMinutes(1));
        ranked.system("erp").edit("1", Map.of("last", "Kowalska"));
        ranked.settle();
        assertThat(ranked.system("erp").value("1", "last")).isEqualTo("Kowalski");
        assertThat(ranked.system("crm").effects).isEmpty();
    }

    @Test
    @DisplayName("SYN-7: a poisoned record parks alone and the others flow")
    void aPoisonedRecordParksAlone() {
        for (int i = 0; i < 40; i++) {
            var random = new Random(i);
            var person = Map.<String, Object>of(
                    "first",
                    People.word(random, 6),
                    "last",
                    People.word(random, 8),
                    "email",
                    People.word(random, 9) + "@example.org",
                    "born",
                    (1940 + random.nextInt(60)) + "-0" + (1 + random.nextInt(9)) + "-" + (10 + random.nextInt(18)));
            hub.system("crm").edit("p" + i, person);
            hub.system("erp").edit("e" + i, person);
        }
        hub.settle();
        hub.system("erp").poisoned =
                op -> op instanceof io.kintsugi.connector.spi.WriteOp.Update u && u.id().equals("e7");
        for (int i = 0; i < 40; i++) hub.system("crm").edit("p" + i, Map.of("phone", "+1 415 555 0" + (100 + i)));
        hub.settle();
        var parked = hub.store
                .read(tx -> tx.outbox().list("erp", OutboundState.PARKED, null, 100))
                .items();
        assertThat(parked).extracting(c -> c.target().externalId()).containsExactly("e7");
        assertThat(parked.get(0).problem()).contains("VALIDATION");
        for (int i = 0; i < 40; i++) {
            if (i != 7) assertThat(hub.system("erp").value("e" + i, "phone")).isEqualTo("+1 415 555 0" + (100 + i));
        }
        // mended and retried by one click
        hub.system("erp").poisoned = op -> false;
        hub.dispatcher.retry(parked.get(0).key());
        hub.settle();
        assertThat(hub.system("erp").value("e7", "phone")).isEqualTo("+1 415 555 0107");
    }

    @Test
    @DisplayName("SYN-5: a write without a reply is read before it is repeated, and made once")
    void aLostReplyIsVerified() {
        annaEverywhere();
        hub.system("erp").loseReplies = true;
        hub.system("crm").edit("1", Map.of("phone", "+1 415 555 0134"));
        for (var name : List.of("crm", "erp", "web")) hub.read(name);
        hub.resolver.resolvePending(10);
        hub.send("erp");
        assertThat(hub.store
                        .read(tx -> tx.outbox().list("erp", OutboundState.VERIFYING, null, 10))
                        .items())
                .hasSize(1);
        hub.clock.advance(Duration.ofMinutes(3));
        hub.settle();
        assertThat(hub.system("erp").effects).hasSize(1);
        List<io.kintsugi.core.store.Outbox.Count> counts =
                hub.store.read(tx -> tx.outbox().counts());
        assertThat(counts).allMatch(count -> count.state() == OutboundState.SETTLED);
    }

    @Test
    @DisplayName("SYN-5: a create without a reply is found by the key of its intent and never made twice")
    void aLostCreateIsFoundByItsKey() {
        var provisioning = new HubUnderTest(emptyStore(), true, "crm", "erp");
        provisioning.system("erp").loseReplies = true;
        provisioning.system("crm").edit("1", ANNA);
        provisioning.settle();
        provisioning.clock.advance(Duration.ofMinutes(5));
        provisioning.settle();
        assertThat(provisioning.system("erp").records()).hasSize(1);
        assertThat(provisioning.clusters()).hasSize(1);
    }

    @Test
    void aMissingRecordIsProvisionedOnceAndBelongsToTheGolden() {
        var provisioning = new HubUnderTest(emptyStore(), true, "crm", "erp", "web");
        provisioning.system("crm").edit("1", ANNA);
        provisioning.settle();
        assertThat(provisioning.system("erp").records()).hasSize(1);
        assertThat(provisioning.system("web").records()).hasSize(1);
        assertThat(provisioning.clusters()).hasSize(1);
        assertThat(provisioning.clusters().iterator().next()).hasSize(3);
        assertThat(provisioning.system("crm").effects).isEmpty();
    }

    @Test
    void aDeletedRecordIsNotCreatedAgain() {
        var provisioning = new HubUnderTest(emptyStore(), true, "crm", "erp");
        provisioning.system("crm").edit("1", ANNA);
        provisioning.settle();
        provisioning.system("erp").delete("erp-new-1");
        provisioning.settle();
        provisioning.system("crm").edit("1", Map.of("phone", "+1 415 555 0134"));
        provisioning.settle();
        assertThat(provisioning.system("erp").records()).isEmpty();
        assertThat(provisioning.golden("crm:contact:1").state()).isEqualTo(GoldenState.ACTIVE);
    }

    @Test
    void aGoldenWithoutRecordsIsDeletedAndComesBackUnderItsId() {
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        var id = hub.golden("crm:contact:1").id();
        hub.system("crm").delete("1");
        hub.settle();
        assertThat(hub.golden("crm:contact:1").state()).isEqualTo(GoldenState.DELETED);
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        assertThat(hub.golden("crm:contact:1").id()).isEqualTo(id);
        assertThat(hub.golden("crm:contact:1").state()).isEqualTo(GoldenState.ACTIVE);
    }

    @Test
    @DisplayName("ID-5: a record that identifies nothing gets no golden, no link and provisions nothing")
    void anUnkeyedRecordStaysAlone() {
        var provisioning = new HubUnderTest(emptyStore(), true, "crm", "erp");
        provisioning.system("crm").edit("blank", Map.of("first", "", "last", "n/a", "email", "", "phone", "0000000"));
        provisioning.system("crm").edit("blank2", Map.of("first", "", "last", "n/a", "email", "", "phone", "0000000"));
        provisioning.settle();
        assertThat(provisioning.golden("crm:contact:blank")).isNull();
        assertThat(provisioning.clusters()).isEmpty();
        assertThat(provisioning.system("erp").records()).isEmpty();
        var key = RecordKey.parse("crm:contact:blank");
        assertThat(provisioning
                        .store
                        .read(tx -> tx.records().find(List.of(key)))
                        .get(key)
                        .state())
                .isEqualTo(RecordState.UNKEYED);
        // a key appears later
        provisioning.system("crm").edit("blank", ANNA);
        provisioning.settle();
        assertThat(provisioning.golden("crm:contact:blank").state()).isEqualTo(GoldenState.ACTIVE);
        assertThat(provisioning.system("erp").records()).hasSize(1);
    }

    @Test
    @DisplayName("ID-3: a retired id leads to the survivor; after unmerge it is in use again with its records")
    void mergeAndUnmerge() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp")
                .edit(
                        "9",
                        Map.of(
                                "first",
                                "Bruno",
                                "last",
                                "Silva",
                                "email",
                                "bruno@silva.example",
                                "born",
                                "1975-05-05"));
        hub.settle();
        var anna = hub.golden("crm:contact:1");
        var bruno = hub.golden("erp:contact:9");
        hub.clock.advance(Duration.ofMinutes(1));
        var preview = hub.stewardship.previewMerge(List.of(anna.id(), bruno.id()), bruno.id());
        assertThat(preview.result().id()).isEqualTo(bruno.id());
        assertThat(hub.clusters()).as("a preview changes nothing").hasSize(2);

        var event = hub.stewardship.merge(
                List.of(anna.id(), bruno.id()), bruno.id(), Map.of(anna.id(), anna.revision()), "same desk", "sam");
        hub.settle();
        assertThat(hub.currentId(anna.id())).isEqualTo(bruno.id());
        assertThat(hub.clusters()).containsExactly(Set.of("crm:contact:1", "erp:contact:9"));

        hub.clock.advance(Duration.ofMinutes(1));
        hub.stewardship.unmerge(event.id(), "no", "sam");
        hub.settle();
        assertThat(hub.golden("crm:contact:1").id()).isEqualTo(anna.id());
        assertThat(hub.golden("erp:contact:9").id()).isEqualTo(bruno.id());
        assertThat(hub.golden("crm:contact:1").state()).isEqualTo(GoldenState.ACTIVE);
        assertThat(hub.currentId(anna.id())).isEqualTo(anna.id());
    }

    @Test
    @DisplayName("MRG-7: a merge on a stale revision is refused")
    void aStaleMergeIsRefused() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("9", Map.of("first", "Bruno", "last", "Silva", "email", "bruno@silva.example"));
        hub.settle();
        var anna = hub.golden("crm:contact:1");
        var bruno = hub.golden("erp:contact:9");
        hub.system("crm").edit("1", Map.of("city", "Gdansk"));
        hub.settle();
        assertThatThrownBy(() -> hub.stewardship.merge(
                        List.of(anna.id(), bruno.id()), null, Map.of(anna.id(), anna.revision()), null, "sam"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.REVISION_CONFLICT))
                .hasMessageContaining("reload and retry");
    }

    @Test
    @DisplayName("ID-4: a steward's NO_MATCH survives a full rematch and the record's deletion and return")
    void aVerdictOutlivesEverything() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("1", ANNA);
        hub.settle();
        var golden = hub.golden("crm:contact:1");
        assertThat(hub.golden("erp:contact:1").id()).isEqualTo(golden.id());
        // tell them apart: a rule merge has no event, so a steward merges and unmerges another way round: by a verdict
        // on the pair
        var key = new java.util.TreeSet<>(List.of(RecordKey.parse("crm:contact:1"), RecordKey.parse("erp:contact:1")));
        hub.store.write(tx -> {
            new Verdicts(tx, "sam", hub.clock.instant()).different(List.of(List.of(key.first()), List.of(key.last())));
            tx.records().markPending(key);
            return null;
        });
        hub.settle();
        assertThat(hub.clusters()).containsExactlyInAnyOrder(Set.of("crm:contact:1"), Set.of("erp:contact:1"));
        hub.store.write(tx -> {
            tx.records().markPending(key);
            return null;
        });
        hub.system("erp").delete("1");
        hub.settle();
        hub.system("erp").edit("1", ANNA);
        hub.settle();
        assertThat(hub.clusters()).containsExactlyInAnyOrder(Set.of("crm:contact:1"), Set.of("erp:contact:1"));
    }

    @Test
    @DisplayName("SYN-6: what changes while a snapshot is read is not lost")
    void changesDuringTheSnapshotAreNotLost() throws Exception {
        for (int i = 0; i < 30; i++) {
            hub.system("crm")
                    .edit("a" + i, Map.of("first", "P" + i, "last", "Q" + i, "email", "p" + i + "@q" + i + ".org"));
        }
        var inbound = new Inbound(
                hub.store,
                hub.model,
                hub.clock,
                "crm",
                hub.model.get().systems().get(0).streams().get(0),
                hub.system("crm"));
        inbound.next(10); // first page
        hub.system("crm").edit("a1", Map.of("phone", "+1 415 555 0134")); // read already
        hub.system("crm").edit("a0-new", ANNA); // sorts before the cursor
        hub.settle();
        assertThat(hub.values("crm:contact:a1")).containsEntry("phone", "+1 415 555 0134");
        assertThat(hub.golden("crm:contact:a0-new")).isNotNull();
    }

    /** ID-2, DA-2: the clusters and values of the same records in an order drawn from the seed. */
    protected void assertOrderDoesNotMatter(long seed) {
        var people = People.some(60, 11);
        var expected = resolved(people, 0);
        var shuffled = new ArrayList<>(people);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(resolved(shuffled, seed)).isEqualTo(expected);
    }

    private Set<Map<String, Object>> resolved(List<People.Row> rows, long seed) {
        var hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "web");
        var random = new Random(seed);
        var batch = new ArrayList<RecordKey>();
        var intake = new Intake(hub.model);
        for (var row : rows) {
            var seen = row.observation();
            hub.store.write(tx -> intake.store(
                    tx,
                    new Intake.Batch(
                            row.system(),
                            row.system(),
                            "people",
                            "contact",
                            List.of(seen),
                            Map.of(),
                            List.of(),
                            List.of(),
                            null),
                    hub.clock.instant()));
            batch.add(seen.key());
            if (random.nextInt(4) == 0) {
                hub.resolver.resolve(batch);
                batch.clear();
            }
        }
        while (hub.resolver.resolvePending(7) > 0) {
            // until nothing waits
        }
        var result = new HashSet<Map<String, Object>>();
        for (var cluster : hub.clusters()) {
            result.add(Map.of(
                    "records", cluster, "values", hub.values(cluster.iterator().next())));
        }
        return result;
    }

    @Test
    void aQuestionIsAnsweredAndTheAnswerTakenBack() {
        hub.system("crm")
                .edit("1", Map.of("first", "Jonathan", "last", "Smith", "city", "Leeds", "phone", "+44 113 496 0001"));
        hub.system("erp")
                .edit("2", Map.of("first", "Jon", "last", "Smyth", "city", "Leeds", "phone", "+44 113 496 0001"));
        hub.settle();
        var open = hub.store.read(tx ->
                tx.reviews().list(new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "score"), null, 10));
        if (open.items().isEmpty()) return; // the shipped weights decide this pair by themselves
        var review = open.items().get(0);
        assertThatThrownBy(
                        () -> hub.stewardship.decide(review.id(), review.revision() + 1, Decision.MATCH, null, "sam"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.REVISION_CONFLICT));
        var decided = hub.stewardship.decide(review.id(), review.revision(), Decision.MATCH, "same phone", "sam");
        assertThat(decided.state()).isEqualTo(ReviewState.DECIDED);
        assertThat(hub.clusters()).hasSize(1);
        var undone = hub.stewardship.undo(review.id(), decided.revision(), "sam");
        assertThat(undone.state()).isEqualTo(ReviewState.OPEN);
        assertThat(hub.clusters()).hasSize(2);
        var apart = hub.stewardship.decide(review.id(), undone.revision(), Decision.NO_MATCH, "two people", "sam");
        hub.settle();
        assertThat(apart.decision()).isEqualTo(Decision.NO_MATCH);
        assertThat(hub.clusters()).hasSize(2);
    }
}
