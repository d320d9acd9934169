package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.ErasureState;
import io.kintsugi.core.model.Erasure.Means;
import io.kintsugi.core.model.Erasure.StepState;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.store.Erasures.Blocked;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Journal;
import io.kintsugi.server.engine.recovery.Certificate;
import io.kintsugi.server.engine.recovery.ConflictJournal;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Erasing a person in the hub and in its systems; on the in-memory store and on the graph. */
abstract class ErasureContract {
    private static final Map<String, Object> ANNA = Map.of(
            "first",
            "Annabellina",
            "last",
            "Kowalczykowa",
            "email",
            "annabellina.k@acme.example.de",
            "phone",
            "+41 44 668 18 07",
            "born",
            "1980-03-04");
    /** What may be found nowhere afterwards, however it is written. */
    private static final List<String> CANARIES = List.of(
            "annabellina",
            "kowalczykowa",
            "acme.example.de",
            "6681807",
            "668 18 07",
            "1980-03-04",
            "198003",
            "before.k@old",
            "zz-777");

    protected HubUnderTest hub;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    /** Everything that the store holds, as text. */
    protected abstract String everything();

    @BeforeEach
    void threeSystems() {
        hub = new HubUnderTest(emptyStore(), true, "crm", "erp", "web");
    }

    private void annaEverywhere() {
        hub.system("crm").edit("zz-777", ANNA);
        hub.settle();
        assertThat(hub.system("erp").records()).hasSize(1);
        assertThat(hub.system("web").records()).hasSize(1);
    }

    private String anna() {
        return hub.golden("crm:contact:zz-777").id();
    }

    private Erasure erase(String golden) {
        long revision = hub.store.read(
                tx -> tx.goldens().find(List.of(golden)).get(golden).revision());
        return hub.erasing.erase(golden, revision, "case 2026-17", "dana");
    }

    private Erasure now(Erasure erasure) {
        return hub.store.read(tx -> tx.erasures().find(List.of(erasure.id())).get(erasure.id()));
    }

    private Erasure.Step step(Erasure erasure, String system) {
        return now(erasure).steps().stream()
                .filter(step -> step.system().equals(system))
                .findFirst()
                .orElseThrow();
    }

    private GoldenState state(String golden) {
        return hub.store.read(
                tx -> tx.goldens().find(List.of(golden)).get(golden).state());
    }

    private List<Blocked> blocked(Erasure erasure) {
        return hub.store
                .read(tx -> tx.erasures().blocked(erasure.id(), null, null, 100))
                .items();
    }

    private void noRecordIsStored() {
        var counts = hub.store.read(tx -> tx.records().counts());
        assertThat(counts).isEmpty();
    }

    private void nothingIsLeft() {
        var all = everything().toLowerCase(java.util.Locale.ROOT);
        for (var canary : CANARIES) {
            int at = all.indexOf(canary);
            assertThat(at < 0 ? "" : all.substring(Math.max(0, at - 300), Math.min(all.length(), at + 100)))
                    .as(canary)
                    .isEmpty();
        }
    }

    @Test
    @DisplayName(
            "DEL-11: a person is erased in every system, each is asked whether the record is gone, and the golden stays as gone")
    void erasedEverywhere() {
        annaEverywhere();
        var golden = anna();
        var asked = erase(golden);
        assertThat(asked.state()).isEqualTo(ErasureState.RUNNING);
        assertThat(asked.steps()).extracting(Erasure.Step::means).containsOnly(Means.DELETE);
        hub.settle();
        for (var system : List.of("crm", "erp", "web")) {
            assertThat(hub.system(system).records()).as(system).isEmpty();
            assertThat(step(asked, system).state()).isEqualTo(StepState.CONFIRMED);
            assertThat(step(asked, system).externalId()).isNull();
        }
        var done = now(asked);
        assertThat(done.state()).isEqualTo(ErasureState.DONE);
        assertThat(done.removed()).containsEntry("goldens", 1L).containsEntry("records", 3L);
        assertThat(done.finishedAt()).isNotNull();
        assertThat(state(golden)).isEqualTo(GoldenState.ERASED);
        var history = hub.store.read(tx -> tx.goldens().history(golden, 10));
        assertThat(history).singleElement().satisfies(revision -> {
            assertThat(revision.cause()).isEqualTo(Cause.ERASED);
            assertThat(revision.policies()).as("GOV-1").isEqualTo("authority 1");
        });
        nothingIsLeft();
    }

    /** Leaves something of Anna in every part of the store. */
    private String annaOfManyTraces() {
        hub.system("crm").edit("zz-777", with(ANNA, "email", "before.k@old.example.de"));
        hub.settle();
        hub.system("crm").edit("zz-777", ANNA);
        hub.settle();
        var other = with(ANNA, "email", "annabellina.k@acme.example.de");
        hub.system("web").edit("zz-777-b", with(with(other, "phone", ""), "born", ""));
        hub.settle();
        hub.system("erp")
                .edit("9", Map.of("first", "Quentin", "last", "Ott", "email", "annabellina.k2@acme.example.de"));
        hub.settle();
        var golden = anna();
        var apart = hub.golden("erp:contact:9").id();
        assertThat(apart).isNotEqualTo(golden);
        var merged = hub.stewardship.merge(List.of(golden, apart), golden, Map.of(), "Annabellina it is", "sam");
        hub.settle();
        long revision = hub.golden("crm:contact:zz-777").revision();
        hub.stewardship.unmerge(merged.id(), UnmergeMode.SINGLE, revision, "not Annabellina", "sam");
        hub.settle();
        hub.stewardship.merge(List.of(golden, apart), golden, Map.of(), "she is Annabellina", "sam");
        hub.settle();
        hub.stewardship.giveValue(
                golden,
                hub.golden("crm:contact:zz-777").revision(),
                "city",
                "Kowalczykowa-Stadt",
                LifeCycle.values()[0],
                null,
                "Annabellina said so",
                "sam");
        hub.settle();
        hub.store.write(tx -> {
            tx.journal()
                    .saveAnswer(
                            "key-1",
                            new Journal.Answer(
                                    "r",
                                    200,
                                    "application/json",
                                    "{\"id\":\"" + golden + "\",\"n\":\"Annabellina\"}",
                                    hub.clock.instant()));
            tx.reviews()
                    .save(List.of(new Review(
                            "rv-x",
                            Kind.UNMAPPABLE,
                            ReviewState.OPEN,
                            "contact",
                            List.of(),
                            List.of(RecordKey.parse("web:contact:line 7")),
                            0,
                            "web line 7: cannot be read",
                            "line 7;Annabellina;annabellina.k@acme.example.de",
                            1,
                            hub.clock.instant(),
                            null,
                            null,
                            null,
                            null,
                            null)));
            return null;
        });
        hub.system("web").edit("zz-777-b", with(other, "phone", "+41 44 668 18 07"));
        hub.settle();
        assertThat(everything()).contains("Annabellina", "before.k@old", "6681807");
        return golden;
    }

    private static Map<String, Object> with(Map<String, Object> values, String field, Object value) {
        var all = new java.util.HashMap<>(values);
        all.put(field, value);
        return Map.copyOf(all);
    }

    @Test
    @DisplayName("DEL-11: no value of an erased person is left in any property of the store")
    void noTraceIsLeft() {
        var golden = annaOfManyTraces();
        var bob = Map.<String, Object>of("first", "Bob", "last", "Miller", "email", "bob@miller.example.de");
        hub.system("crm").edit("2", bob);
        hub.settle();
        var asked = erase(golden);
        hub.settle();
        assertThat(now(asked).state()).isEqualTo(ErasureState.DONE);
        nothingIsLeft();
        assertThat(everything()).contains("bob@miller.example.de");
        assertThat(hub.golden("crm:contact:2").state()).isEqualTo(GoldenState.ACTIVE);
    }

    @Test
    @DisplayName("DEL-11: conflicts that recoveries listed are forgotten with the person, those of others are not")
    void conflictsOfRecoveries() throws Exception {
        annaEverywhere();
        hub.system("crm").edit("2", Map.of("first", "Bob", "last", "Miller", "email", "bob@miller.example.de"));
        hub.settle();
        var golden = anna();
        ofAnEarlierRelease(golden);
        var recovery = recovery();
        for (var system : hub.systems.keySet()) read(recovery, system);
        hub.clock.advance(Duration.ofHours(36));
        for (var system : List.of("crm", "erp")) {
            for (var record : hub.system(system).records().entrySet()) {
                hub.system(system).edit(record.getKey(), Map.of("city", "Kowalczykowa-" + system));
            }
        }
        recovery = recovery();
        hub.takeIn();
        for (var system : hub.systems.keySet()) read(recovery, system);
        assertThat(recovery.advance()).isTrue();
        hub.system("crm").edit("2", Map.of("city", "Bern"));
        hub.settle();
        assertThat(everything()).contains("recovery-conflicts", "Kowalczykowa-erp", "of-long-ago.Kowalczykowa");
        var bob = hub.golden("crm:contact:2").id();
        var asked = erase(golden);
        hub.settle();
        assertThat(now(asked).state()).isEqualTo(ErasureState.DONE);
        var runs = hub.store.read(tx -> tx.journal().runs(null, 10)).items();
        var certificate =
                hub.store.read(tx -> Certificate.find(tx, runs.get(0).id())).orElseThrow();
        assertThat(hub.store
                        .read(tx -> ConflictJournal.page(tx, certificate, null, 10, false))
                        .items())
                .extracting(Certificate.Conflict::goldenId)
                .containsExactly(bob);
        assertThat(certificate.conflictCount()).isEqualTo(2);
        assertThat(everything()).doesNotContain("of-long-ago.Kowalczykowa", "zz-777", "Annabellina");
    }

    private Recovery recovery() {
        var ids = new Ids(hub.clock, new SplittableRandom(1));
        var recovery = new Recovery(hub.store, hub.model, hub.clock, ids, hub.events);
        recovery.start();
        return recovery;
    }

    private void read(Recovery recovery, String system) throws Exception {
        recovery.arrived(hub.model.get().system(system).orElseThrow(), hub.system(system), stream -> null);
        recovery.read(system, hub.clock.instant(), Duration.ZERO, null);
    }

    /** A recovery that keeps its conflicts in its certificate. */
    private void ofAnEarlierRelease(String golden) {
        var at = hub.clock.instant().minusSeconds(3600);
        var conflict = new Certificate.Conflict(
                golden, "contact", "email", "of-long-ago.Kowalczykowa", null, "LATEST", List.of());
        hub.store.write(tx -> {
            tx.journal().saveRun(new Run("run-old", "recovery", null, null, RunState.DONE, Map.of(), -1, at, at, null));
            new Certificate(
                            "run-old",
                            "the hub was down",
                            at,
                            at,
                            true,
                            at,
                            List.of(),
                            List.of(conflict),
                            1,
                            List.of(),
                            new TreeMap<>(),
                            List.of())
                    .save(tx, at);
            return null;
        });
    }

    @Test
    @DisplayName("DEL-11: a preview says what would happen and changes nothing")
    void aPreviewChangesNothing() {
        var golden = annaOfManyTraces();
        hub.system("web").deletes = false;
        var before = everything();
        var preview = hub.erasing.preview(golden);
        assertThat(everything()).isEqualTo(before);
        assertThat(preview.plan().steps())
                .filteredOn(step -> step.system().equals("web"))
                .extracting(Erasure.Step::means)
                .containsOnly(Means.BY_HAND);
        assertThat(preview.removed()).containsKeys("records", "goldens", "goldenHistory", "merges", "answers");
        boolean secret = hub.store.read(tx -> tx.erasures().secret().isPresent());
        assertThat(secret).isFalse();
    }

    @Test
    @DisplayName("DEL-11: neither the delete policy nor its brake nor an edit made meanwhile stops an erasure")
    void nothingStopsIt() {
        annaEverywhere();
        hub.deletes(new DeletePolicy(
                "contact", 1, DeletePolicy.FLAG_ONLY, List.of(), new Brake(0, 0, Duration.ofHours(1))));
        var golden = anna();
        var asked = erase(golden);
        hub.system("crm").edit("zz-777", with(ANNA, "phone", "+41 44 668 18 08"));
        hub.settle();
        assertThat(now(asked).state()).isEqualTo(ErasureState.DONE);
        assertThat(hub.system("crm").records()).isEmpty();
        nothingIsLeft();
    }

    @Test
    @DisplayName(
            "DEL-11: the person is not stored again when she arrives with an id, an e-mail or a phone that was hers")
    void arrivesAgain() {
        annaEverywhere();
        var golden = anna();
        var asked = erase(golden);
        hub.settle();
        hub.system("crm").edit("zz-777", Map.of("first", "A.", "last", "K."));
        hub.system("web").edit("new-1", Map.of("first", "Nobody", "email", "Annabellina.K@acme.example.de"));
        hub.system("erp").edit("new-2", Map.of("first", "Annabellina", "last", "Kowalczykowa", "phone", "0446681807"));
        hub.settle();
        noRecordIsStored();
        assertThat(hub.clusters()).isEmpty();
        assertThat(blocked(asked)).extracting(Blocked::system).containsExactlyInAnyOrder("crm", "erp", "web");
        assertThat(hub.system("crm").records()).hasSize(1);
        assertThat(hub.system("web").records()).as("created nowhere").hasSize(1);
        assertThat(hub.system("erp").records()).hasSize(1);
        nothingIsLeft();
    }

    @Test
    @DisplayName("DEL-11: a namesake and somebody of the same household are stored")
    void namesakesAreStored() {
        annaEverywhere();
        hub.system("crm")
                .edit("2", Map.of("first", "Peter", "last", "Zumthor", "email", "annabellina.k@acme.example.de"));
        hub.settle();
        var golden = anna();
        assertThat(hub.golden("crm:contact:2").id()).isNotEqualTo(golden);
        erase(golden);
        hub.settle();
        hub.system("crm")
                .edit("3", Map.of("first", "Annabellina", "last", "Kowalczykowa", "email", "other@example.net.ch"));
        hub.system("crm").edit("4", Map.of("first", "Tom", "last", "Kowalczykowa", "phone", "+41 44 668 18 07"));
        hub.system("crm")
                .edit("5", Map.of("first", "Paul", "last", "Zumthor", "email", "annabellina.k@acme.example.de"));
        hub.settle();
        for (var id : List.of("2", "3", "4", "5"))
            assertThat(hub.golden("crm:contact:" + id)).as(id).isNotNull();
    }

    @Test
    @DisplayName(
            "DEL-11: where the hub cannot delete a person is asked, and the row that is still there is not taken in again")
    void aSystemThatCannotDelete() {
        annaEverywhere();
        hub.system("web").deletes = false;
        var golden = anna();
        var asked = erase(golden);
        hub.settle();
        assertThat(now(asked).state()).isEqualTo(ErasureState.REMOVED);
        assertThat(step(asked, "web").state()).isEqualTo(StepState.BY_HAND);
        var id = step(asked, "web").externalId();
        assertThat(id).isNotNull();
        assertThat(state(golden)).isEqualTo(GoldenState.ERASED);
        hub.system("web").edit(id, Map.of("city", "Basel")); // somebody works with it
        hub.settle();
        noRecordIsStored();
        assertThat(blocked(asked)).extracting(Blocked::system).containsExactly("web");
        hub.system("web").delete(id);
        hub.settle();
        assertThat(step(asked, "web").state()).isEqualTo(StepState.CONFIRMED);
        assertThat(now(asked).state()).isEqualTo(ErasureState.DONE);
        nothingIsLeft();
    }

    @Test
    @DisplayName("DEL-11: a person can take over what waits for a system that is away, and say that it is done")
    void byHand() {
        annaEverywhere();
        hub.system("web").down = true;
        var golden = anna();
        var asked = erase(golden);
        hub.settle();
        assertThat(now(asked).state()).isEqualTo(ErasureState.RUNNING);
        var waiting = step(asked, "web");
        hub.erasing.byHand(asked.id(), now(asked).revision(), waiting.hash(), "dana");
        hub.settle();
        assertThat(now(asked).state()).isEqualTo(ErasureState.REMOVED);
        assertThatThrownBy(() -> hub.erasing.byHand(asked.id(), now(asked).revision(), waiting.hash(), "dana"))
                .isInstanceOf(HubException.class);
        hub.erasing.attest(asked.id(), now(asked).revision(), waiting.hash(), "dana");
        assertThat(now(asked).state()).isEqualTo(ErasureState.DONE);
        assertThat(step(asked, "web").by()).isEqualTo("dana");
        nothingIsLeft();
        hub.system("web").down = false; // she is still there, and stays unknown
        hub.settle();
        noRecordIsStored();
    }

    @Test
    @DisplayName("DEL-11: a create that was under way when the erasure began is found and deleted too")
    void aCreateUnderWay() {
        hub.system("crm").edit("zz-777", ANNA);
        hub.read("crm");
        while (hub.resolver.resolvePending(10) > 0) {
            // until nothing waits
        }
        hub.system("web").loseReplies = true;
        hub.send("web");
        hub.system("web").loseReplies = false;
        assertThat(hub.system("web").records()).hasSize(1);
        var asked = erase(anna());
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(5));
        hub.settle();
        assertThat(now(asked).state()).isEqualTo(ErasureState.DONE);
        for (var system : List.of("crm", "erp", "web"))
            assertThat(hub.system(system).records()).as(system).isEmpty();
        nothingIsLeft();
    }

    @Test
    @DisplayName("DEL-11: once a person has lifted it, the thing may come back")
    void lifted() {
        annaEverywhere();
        var asked = erase(anna());
        assertThatThrownBy(() -> hub.erasing.lift(asked.id(), asked.revision(), "is a customer again", "dana"))
                .isInstanceOf(HubException.class);
        hub.settle();
        var lifted = hub.erasing.lift(asked.id(), now(asked).revision(), "is a customer again", "dana");
        assertThat(lifted.lifted().by()).isEqualTo("dana");
        hub.system("crm").edit("zz-777", ANNA);
        hub.settle();
        assertThat(hub.golden("crm:contact:zz-777").state()).isEqualTo(GoldenState.ACTIVE);
        assertThat(anna()).isNotEqualTo(asked.goldenId());
        assertThat(hub.system("web").records()).hasSize(1);
    }

    @Test
    @DisplayName(
            "DEL-11: the reason is kept for ever, so one that names the person is refused; and nobody is erased twice")
    void refused() {
        annaEverywhere();
        var golden = anna();
        long revision = hub.golden("crm:contact:zz-777").revision();
        assertThatThrownBy(() -> hub.erasing.erase(golden, revision, "letter of annabellina of May", "dana"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.UNPROCESSABLE))
                .hasMessageNotContaining("nnabellina");
        erase(golden);
        assertThatThrownBy(() -> erase(golden)).isInstanceOfSatisfying(HubException.class, e -> assertThat(e.code())
                .isEqualTo(HubErrorCode.NOT_POSSIBLE));
        hub.settle();
        assertThatThrownBy(() -> erase(golden)).isInstanceOfSatisfying(HubException.class, e -> assertThat(e.code())
                .isEqualTo(HubErrorCode.GONE));
    }
}
