package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.engine.inbound.Inbound;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

    /** A system that sets a field back whenever the hub has written it. */
    private void insists(String name, String phone) {
        var system = hub.system(name);
        system.beforeReply = () -> {
            if (!phone.equals(system.value("1", "phone"))) {
                hub.clock.advance(Duration.ofSeconds(1));
                system.edit("1", Map.of("phone", phone));
            }
        };
    }

    @Test
    @DisplayName("SYN-4: a value that two systems change back and forth is left alone for a day, and both are named")
    void aLoopIsBroken() {
        annaEverywhere();
        insists("crm", "+1 415 555 0134");
        insists("erp", "+1 415 555 0199");
        hub.system("crm").edit("1", Map.of("phone", "+1 415 555 0134"));
        hub.settle();
        int writes =
                hub.system("crm").effects.size() + hub.system("erp").effects.size();
        assertThat(writes).isLessThan(12);
        var filter = new Reviews.Filter(Kind.LOOP, ReviewState.OPEN, null, null, null, "openedAt");
        var reviews = hub.store.read(tx -> tx.reviews().list(filter, null, 10)).items();
        assertThat(reviews).singleElement().satisfies(review -> assertThat(review.reason())
                .contains("crm and erp change phone back and forth"));
        hub.clock.advance(Duration.ofHours(5));
        hub.system("web").edit("1", Map.of("phone", "+1 415 555 0100", "city", "Gdansk"));
        hub.settle();
        assertThat(hub.system("crm").value("1", "city")).isEqualTo("Gdansk"); // the rest flows
        assertThat(hub.system("crm").value("1", "phone")).isEqualTo("+1 415 555 0134");
        assertThat(hub.system("erp").value("1", "phone")).isEqualTo("+1 415 555 0199");

        hub.system("crm").beforeReply = () -> {};
        hub.system("erp").beforeReply = () -> {};
        hub.clock.advance(Duration.ofHours(20));
        hub.settle();
        for (var name : List.of("crm", "erp", "web")) {
            assertThat(hub.system(name).value("1", "phone")).as(name).isEqualTo("+1 415 555 0100");
        }
        boolean asked = hub.store.read(tx -> tx.reviews().anyOpen(Kind.LOOP));
        assertThat(asked).isFalse();
    }

    @Test
    @DisplayName(
            "SYN-4: what a system sets again however often it is written over is left alone for a day, and both are named")
    void whatIsNotTrustedDoesNotFightForEver() {
        annaEverywhere();
        hub.trust(new AuthorityPolicy(
                "contact", 2, new Rule(Strategy.SYSTEM_RANK, List.of("crm", "erp", "web")), Map.of()));
        hub.settle();
        insists("erp", "+1 415 555 0199");
        hub.system("crm").edit("1", Map.of("phone", "+1 415 555 0134"));
        hub.settle();
        assertThat(hub.system("erp").effects).hasSizeLessThan(12);
        var filter = new Reviews.Filter(Kind.LOOP, ReviewState.OPEN, null, null, null, "openedAt");
        var reviews = hub.store.read(tx -> tx.reviews().list(filter, null, 10)).items();
        assertThat(reviews).singleElement().satisfies(review -> assertThat(review.reason())
                .contains("crm and erp change phone back and forth"));
        assertThat(hub.system("erp").value("1", "phone")).isEqualTo("+1 415 555 0199");
        hub.system("crm").edit("1", Map.of("city", "Gdansk"));
        hub.settle();
        assertThat(hub.system("erp").value("1", "city")).isEqualTo("Gdansk"); // the rest flows

        hub.system("erp").beforeReply = () -> {};
        hub.clock.advance(Duration.ofHours(25));
        hub.settle();
        assertThat(hub.system("erp").value("1", "phone")).isEqualTo("+1 415 555 0134");
        boolean asked = hub.store.read(tx -> tx.reviews().anyOpen(Kind.LOOP));
        assertThat(asked).isFalse();
    }

    @Test
    @DisplayName("SYN-4: a steward ends the rest by giving a value")
    void aStewardEndsALoop() {
        annaEverywhere();
        insists("crm", "+1 415 555 0134");
        insists("erp", "+1 415 555 0199");
        hub.system("crm").edit("1", Map.of("phone", "+1 415 555 0134"));
        hub.settle();
        hub.system("crm").beforeReply = () -> {};
        hub.system("erp").beforeReply = () -> {};
        var golden = hub.golden("crm:contact:1");
        hub.stewardship.giveValue(
                golden.id(), golden.revision(), "phone", "+1 415 555 0111", LifeCycle.FOREVER, null, null, "me");
        hub.settle();
        for (var name : List.of("crm", "erp", "web")) {
            assertThat(hub.system(name).value("1", "phone")).as(name).isEqualTo("+1 415 555 0111");
        }
        boolean asked = hub.store.read(tx -> tx.reviews().anyOpen(Kind.LOOP));
        assertThat(asked).isFalse();
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
                hub.system("crm"),
                () -> null);
        inbound.next(10); // first page
        hub.system("crm").edit("a1", Map.of("phone", "+1 415 555 0134")); // read already
        hub.system("crm").edit("a0-new", ANNA); // sorts before the cursor
        hub.settle();
        assertThat(hub.values("crm:contact:a1")).containsEntry("phone", "+1 415 555 0134");
        assertThat(hub.golden("crm:contact:a0-new")).isNotNull();
    }
}
