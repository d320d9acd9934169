package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.Deletion.Evidence;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Cell;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Reviews;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What follows from a deletion in one of three systems, all of which hold the thing; on the in-memory store and on the graph. */
abstract class DeletionContract {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04");
    private static final Duration HOUR = Duration.ofHours(1);

    private HubUnderTest hub;

    /** Actions that each cell of the matrix is tried with. */
    protected List<Action> actions() {
        return List.of(Action.values());
    }

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void threeSystems() {
        hub = new HubUnderTest(emptyStore(), true, "crm", "erp", "web");
    }

    private static Rule rule(Action action, Duration grace) {
        return new Rule(action, action, grace, Conflict.EDIT_WINS);
    }

    private void policy(Rule rule, Brake brake) {
        hub.deletes(
                new DeletePolicy("contact", 1, DeletePolicy.FLAG_ONLY, List.of(new Cell("crm", "erp", rule)), brake));
    }

    private void policy(Action action) {
        policy(rule(action, Duration.ZERO), Brake.USUAL);
    }

    /** Entered in the crm, created in the others by the hub. */
    private void annaEverywhere() {
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        assertThat(hub.system("erp").records()).hasSize(1);
        assertThat(hub.system("web").records()).hasSize(1);
    }

    /** All that time brings within some two hours, and what follows from it. */
    private void later() {
        hub.settle();
        for (int minutes : List.of(2, 2, 61, 2, 2, 61, 2, 2)) {
            hub.clock.advance(Duration.ofMinutes(minutes));
            hub.settle();
        }
    }

    private List<Deletion> deletions() {
        return hub.store
                .read(tx -> tx.deletions().list(Deletions.Filter.ALL, null, 100))
                .items();
    }

    private Deletion only() {
        assertThat(deletions()).hasSize(1);
        return deletions().get(0);
    }

    private StepState state(String system) {
        return only().steps().stream()
                .filter(step -> step.system().equals(system))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private List<Review> questions() {
        var filter = new Reviews.Filter(Kind.DELETED, ReviewState.OPEN, null, null, null, "openedAt");
        return hub.store.read(tx -> tx.reviews().list(filter, null, 100)).items();
    }

    private RecordState recordState(String system) {
        return hub.store.read(tx -> tx.records().list(system, "contact", null, 10)).items().stream()
                .map(record -> record.state())
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    @Test
    @DisplayName("DEL-1: each cell of the matrix of three systems does what its action says, and nothing else")
    void everyCell() {
        for (var from : List.of("crm", "erp", "web")) {
            for (var to : List.of("crm", "erp", "web")) {
                if (from.equals(to)) continue;
                for (var action : actions()) {
                    threeSystems();
                    hub.deletes(new DeletePolicy(
                            "contact",
                            1,
                            DeletePolicy.FLAG_ONLY,
                            List.of(new Cell(from, to, rule(action, Duration.ZERO))),
                            Brake.USUAL));
                    annaEverywhere();
                    delete(from);
                    later();
                    var what = from + " → " + to + ": " + action;
                    var third = List.of("crm", "erp", "web").stream()
                            .filter(name -> !name.equals(from) && !name.equals(to))
                            .findFirst()
                            .orElseThrow();
                    assertThat(hub.system(third).records()).as(what + ", third").hasSize(1);
                    assertThat(hub.system(to).records()).as(what).hasSize(action == Action.PROPAGATE ? 0 : 1);
                    assertThat(hub.system(from).records())
                            .as(what + ", origin")
                            .hasSize(action == Action.RECREATE ? 1 : 0);
                    assertThat(questions()).as(what).hasSize(action == Action.REVIEW ? 1 : 0);
                    assertThat(recordState(to))
                            .as(what)
                            .isEqualTo(
                                    switch (action) {
                                        case PROPAGATE -> RecordState.DELETED;
                                        case DISCONNECT -> RecordState.DISCONNECTED;
                                        case SEVER -> RecordState.SEVERED;
                                        default -> RecordState.LIVE;
                                    });
                    hub.system(third).edit(only(third), Map.of("phone", "+1 415 555 0134"));
                    hub.settle();
                    boolean inStep = action == Action.RECREATE || action == Action.FLAG || action == Action.REVIEW;
                    if (inStep) {
                        assertThat(hub.system(to).value(only(to), "phone"))
                                .as(what)
                                .isEqualTo("+1 415 555 0134");
                    } else if (action != Action.PROPAGATE) {
                        assertThat(hub.system(to).value(only(to), "phone"))
                                .as(what)
                                .isNull();
                    }
                }
            }
        }
    }

    private void delete(String system) {
        hub.system(system).delete(only(system));
    }

    private String only(String system) {
        assertThat(hub.system(system).records()).hasSize(1);
        return hub.system(system).records().keySet().iterator().next();
    }

    @Test
    @DisplayName("DEL-2: a record that a complete reading lacks is told as absent, and follows the same policy")
    void absence() {
        policy(Action.PROPAGATE);
        annaEverywhere();
        hub.system("crm").edit("2", Map.of("first", "Bo", "last", "Li", "email", "bo.li@acme.example"));
        hub.settle();
        hub.system("crm").forget("2");
        later();
        assertThat(only().evidence()).isEqualTo(Evidence.ABSENT);
        assertThat(hub.system("erp").records()).hasSize(1);
    }

    @Test
    @DisplayName("DEL-3: one delete more than the brake lets through sends none, and asks about all of them at once")
    void theBrake() {
        policy(rule(Action.PROPAGATE, Duration.ZERO), new Brake(3, 0, Duration.ofHours(24)));
        for (int i = 0; i < 8; i++) {
            hub.system("crm").edit("p" + i, person(i));
        }
        hub.settle();
        for (int i = 0; i < 4; i++) hub.system("crm").delete("p" + i);
        later();
        assertThat(hub.system("erp").records()).hasSize(8);
        assertThat(questions()).singleElement().satisfies(review -> {
            assertThat(review.records()).hasSize(4);
            assertThat(review.reason()).contains("4 deletes for erp").contains("brake");
        });
        hub.system("crm").delete("p4"); // more of them join the same question
        later();
        assertThat(questions()).singleElement().satisfies(review -> assertThat(review.records())
                .hasSize(5));
        var review = questions().get(0);
        assertThatThrownBy(() -> hub.stewardship.answerDeletion(review.id(), 1, true, null, "me"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("revision");
        hub.stewardship.answerDeletion(review.id(), review.revision(), true, "a clean-up", "me");
        later();
        assertThat(hub.system("erp").records()).hasSize(3);
        assertThat(questions()).isEmpty();
    }

    @Test
    @DisplayName("DEL-3: as many deletes as the brake lets through go; the next one within the window is held")
    void theBrakeCountsItsWindow() {
        policy(rule(Action.PROPAGATE, Duration.ZERO), new Brake(2, 0, Duration.ofHours(24)));
        for (int i = 0; i < 4; i++) hub.system("crm").edit("p" + i, person(i));
        hub.settle();
        hub.system("crm").delete("p0");
        hub.system("crm").delete("p1");
        later();
        assertThat(hub.system("erp").records()).hasSize(2);
        hub.system("crm").delete("p2");
        later();
        assertThat(hub.system("erp").records()).hasSize(2);
        var review = questions().get(0);
        hub.stewardship.answerDeletion(review.id(), review.revision(), false, null, "me");
        hub.clock.advance(Duration.ofDays(2));
        hub.system("crm").delete("p3");
        later();
        assertThat(hub.system("erp").records()).hasSize(1); // p2 was kept, p3 is a new window
    }

    private static Map<String, Object> person(int i) {
        var names = List.of("Anna", "Boris", "Chandra", "Dmitri", "Elena", "Farid", "Greta", "Hugo");
        return Map.of("first", names.get(i), "last", "Family" + i, "email", "mail" + i + "@company" + i + ".example");
    }

    @Test
    @DisplayName("DEL-4: a record that comes back within the grace was never gone: nothing is written")
    void grace() {
        policy(rule(Action.PROPAGATE, HOUR), Brake.USUAL);
        annaEverywhere();
        delete("crm");
        hub.settle();
        assertThat(state("erp")).isEqualTo(StepState.WAITING);
        hub.system("erp").effects.clear();
        hub.system("crm").edit("1", ANNA);
        later();
        assertThat(only().state()).isEqualTo(DeletionState.CANCELLED);
        assertThat(hub.system("erp").records()).hasSize(1);
        assertThat(hub.system("erp").effects).isEmpty();
    }

    @Test
    @DisplayName(
            "DEL-5: what was deleted because of another system is not created there again by its echo or by edits elsewhere")
    void noneComesBack() {
        policy(Action.PROPAGATE);
        annaEverywhere();
        var target = new RecordKey("erp", "contact", only("erp"));
        delete("crm");
        later();
        hub.system("erp").hint(target.externalId());
        hub.system("web").edit(only("web"), Map.of("city", "Gdansk"));
        later();
        assertThat(hub.system("erp").records()).isEmpty();
        assertThat(hub.system("crm").records()).isEmpty();
        assertThat(only().steps()).anySatisfy(step -> assertThat(step.target()).isEqualTo(target));
        assertThat(hub.golden("web:contact:" + only("web")).state()).isEqualTo(GoldenState.ACTIVE);
    }

    @Test
    @DisplayName(
            "DEL-6: a disconnected record joins again when it is changed; a severed one only when a steward takes it back")
    void disconnectAndSever() {
        policy(Action.DISCONNECT);
        annaEverywhere();
        delete("crm");
        later();
        hub.system("erp").edit(only("erp"), Map.of("city", "Gdansk"));
        hub.settle();
        assertThat(recordState("erp")).isEqualTo(RecordState.LIVE);
        assertThat(hub.system("web").value(only("web"), "city")).isEqualTo("Gdansk");

        threeSystems();
        policy(Action.SEVER);
        annaEverywhere();
        delete("crm");
        later();
        var severed = new RecordKey("erp", "contact", only("erp"));
        hub.system("erp").edit(severed.externalId(), Map.of("city", "Gdansk"));
        later();
        assertThat(recordState("erp")).isEqualTo(RecordState.SEVERED);
        assertThat(hub.system("web").value(only("web"), "city")).isNull();
        hub.stewardship.reconnect(severed, "me");
        hub.settle();
        assertThat(hub.system("web").value(only("web"), "city")).isEqualTo("Gdansk");
        assertThatThrownBy(() -> hub.stewardship.reconnect(severed, "me")).hasMessageContaining("LIVE");
    }

    @Test
    @DisplayName(
            "DEL-7: where the connector cannot delete, a person is told what to delete; when that is done, it is settled")
    void byHand() {
        policy(Action.PROPAGATE);
        hub.system("erp").deletes = false;
        annaEverywhere();
        delete("crm");
        later();
        var id = only("erp");
        var parked = hub.store
                .read(tx -> tx.outbox().list("erp", OutboundState.PARKED, null, 10))
                .items();
        assertThat(parked).singleElement().satisfies(change -> assertThat(change.problem())
                .contains("cannot delete")
                .contains(id)
                .contains("by hand"));
        assertThat(state("erp")).isEqualTo(StepState.SENT);
        assertThat(parked.get(0).attempts()).isEqualTo(1);
        hub.system("erp").delete(id);
        later();
        assertThat(deletions()).hasSize(2).allMatch(deletion -> deletion.state() == DeletionState.SETTLED);
    }

    @Test
    @DisplayName(
            "DEL-6, ID-3: where one system's row disconnects all others, a golden record ends with its record there")
    void endsWithOneSystem() {
        var row = List.of(new Cell("crm", null, rule(Action.DISCONNECT, Duration.ZERO)));
        hub.deletes(new DeletePolicy("contact", 1, DeletePolicy.FLAG_ONLY, row, Brake.USUAL));
        annaEverywhere();
        var golden = hub.golden("crm:contact:1");
        delete("erp");
        later();
        assertThat(hub.golden("crm:contact:1").state()).isEqualTo(GoldenState.ACTIVE);
        delete("crm");
        later();
        assertThat(recordState("web")).isEqualTo(RecordState.DISCONNECTED);
        var ended =
                hub.store.read(tx -> tx.goldens().find(List.of(golden.id()))).get(golden.id());
        assertThat(ended.state()).isEqualTo(GoldenState.DELETED);
        assertThat(ended.values().keySet()).isEqualTo(golden.values().keySet());
        assertThat(ended.value("email")).as("what it was can still be read").isEqualTo(golden.value("email"));
        hub.system("web").edit(only("web"), Map.of("city", "Gdansk"));
        hub.settle();
        assertThat(hub.golden("web:contact:" + only("web")).id()).isEqualTo(golden.id());
    }

    @Test
    @DisplayName("DEL-8: a record that the hub did not create follows the rule for joined ones")
    void provisionedAndJoined() {
        policy(new Rule(Action.PROPAGATE, Action.DISCONNECT, Duration.ZERO, Conflict.EDIT_WINS), Brake.USUAL);
        hub.system("erp").edit("7", ANNA);
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        delete("crm");
        later();
        assertThat(hub.system("erp").records()).hasSize(1);
        assertThat(recordState("erp")).isEqualTo(RecordState.DISCONNECTED);
    }

    @Test
    @DisplayName(
            "DEL-9: an edit elsewhere that the deleting system had not seen keeps the record until a steward decides")
    void editWins() {
        policy(rule(Action.PROPAGATE, HOUR), Brake.USUAL);
        annaEverywhere();
        delete("crm");
        hub.settle();
        hub.system("web").edit(only("web"), Map.of("city", "Gdansk"));
        later();
        assertThat(hub.system("erp").value(only("erp"), "city")).isEqualTo("Gdansk");
        assertThat(state("erp")).isEqualTo(StepState.ASKED);
        var review = questions().get(0);
        assertThat(review.reason()).contains("edited");
        hub.stewardship.answerDeletion(review.id(), review.revision(), true, null, "me");
        later();
        assertThat(hub.system("erp").records()).isEmpty();
        assertThat(only().steps().get(0).approvedBy()).isEqualTo("me");
    }

    @Test
    @DisplayName("DEL-9: an edit that the deleting system had not been given yet counts too")
    void editBeforeTheDelete() {
        policy(Action.PROPAGATE);
        annaEverywhere();
        hub.system("crm").down = true;
        hub.system("web").edit(only("web"), Map.of("city", "Gdansk"));
        hub.settle();
        hub.system("crm").down = false;
        hub.system("crm").delete("1");
        later();
        assertThat(hub.system("erp").records()).hasSize(1);
        assertThat(state("erp")).isEqualTo(StepState.ASKED);
    }

    @Test
    @DisplayName("DEL-9: where deletes win, an edit elsewhere keeps nothing")
    void deleteWins() {
        policy(new Rule(Action.PROPAGATE, Action.PROPAGATE, HOUR, Conflict.DELETE_WINS), Brake.USUAL);
        annaEverywhere();
        delete("crm");
        hub.settle();
        hub.system("web").edit(only("web"), Map.of("city", "Gdansk"));
        later();
        assertThat(hub.system("erp").records()).isEmpty();
    }

    @Test
    @DisplayName("DEL-9: an edit in the very record while its delete is under way is not deleted unseen")
    void editInTheLastMoment() {
        policy(Action.PROPAGATE);
        annaEverywhere();
        delete("crm");
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(2));
        hub.resolver.resolvePending(20); // sent, and edited before the system is reached
        hub.system("erp").edit(only("erp"), Map.of("city", "Gdansk"));
        hub.send("erp");
        later();
        assertThat(hub.system("erp").records()).hasSize(1);
        assertThat(state("erp")).isEqualTo(StepState.ASKED);
        assertThat(hub.system("web").value(only("web"), "city")).isEqualTo("Gdansk");
    }

    @Test
    @DisplayName(
            "SYN-3, DEL-1: a delete of the hub is no person's, though the feed tells before it what people had done right before")
    void lateNewsOfWhatTheHubDeleted() {
        var propagate = rule(Action.PROPAGATE, Duration.ZERO);
        var cells = List.of(new Cell("crm", "erp", propagate), new Cell("erp", "web", propagate));
        hub.deletes(new DeletePolicy("contact", 1, DeletePolicy.FLAG_ONLY, cells, Brake.USUAL));
        annaEverywhere();
        var id = only("erp");
        hub.clock.advance(Duration.ofMinutes(1));
        var was = hub.system("erp").records().get(id);
        var fields = new HashMap<>(was.fields());
        fields.put("city", "Gdansk");
        var edited = new NativeRecord(was.id(), fields, hub.clock.instant(), "9", null);
        hub.clock.advance(Duration.ofMinutes(1));
        delete("crm");
        later();
        assertThat(hub.system("erp").records()).isEmpty();
        hub.system("erp").tell(edited);
        hub.read("erp");
        hub.system("erp").tellDeleted(id);
        later();
        assertThat(hub.system("web").records()).hasSize(1);
        assertThat(hub.system("erp").records()).isEmpty();
        assertThat(deletions()).hasSize(1);
    }

    @Test
    @DisplayName(
            "DEL-10: a propagated delete is undone: records are created again and are part of the same golden record")
    void restore() {
        hub.deletes(new DeletePolicy("contact", 1, rule(Action.PROPAGATE, Duration.ZERO), List.of(), Brake.USUAL));
        annaEverywhere();
        var golden = hub.golden("crm:contact:1").id();
        delete("crm");
        later();
        for (var name : List.of("crm", "erp", "web")) {
            assertThat(hub.system(name).records()).as(name).isEmpty();
        }
        assertThat(hub.golden("crm:contact:1").state()).isEqualTo(GoldenState.DELETED);
        hub.stewardship.restore(only().id(), only().revision(), "me");
        later();
        for (var name : List.of("crm", "erp", "web")) {
            assertThat(hub.system(name).value(only(name), "email")).as(name).isEqualTo("anna.kowalski@acme.example");
            assertThat(hub.golden(name + ":contact:" + only(name)).id()).isEqualTo(golden);
        }
        assertThat(hub.golden("crm:contact:" + only("crm")).state()).isEqualTo(GoldenState.ACTIVE);
        assertThat(only().state()).isEqualTo(DeletionState.SETTLED);
        assertThatThrownBy(() -> hub.stewardship.restore(only().id(), only().revision(), "me"))
                .hasMessageContaining("nothing to restore");
    }

    @Test
    @DisplayName("DEL-1: a person who deletes a golden record follows the row of the hub")
    void deletedInTheHub() {
        hub.deletes(new DeletePolicy(
                "contact",
                1,
                DeletePolicy.FLAG_ONLY,
                List.of(new Cell(Deletion.HUB, null, rule(Action.PROPAGATE, HOUR))),
                Brake.USUAL));
        annaEverywhere();
        var golden = hub.golden("crm:contact:1");
        var preview = hub.stewardship.previewDelete(golden.id());
        assertThat(preview.steps()).extracting(Deletion.Step::system).containsExactly("crm", "erp", "web");
        assertThat(deletions()).isEmpty();
        hub.stewardship.delete(golden.id(), golden.revision(), "me");
        later();
        for (var name : List.of("crm", "erp", "web")) {
            assertThat(hub.system(name).records()).as(name).isEmpty();
        }
        assertThat(only().evidence()).isEqualTo(Evidence.STEWARD);
        assertThat(hub.golden("crm:contact:1").state()).isEqualTo(GoldenState.DELETED);
        hub.stewardship.restore(only().id(), only().revision(), "me");
        later();
        for (var name : List.of("crm", "erp", "web")) {
            assertThat(hub.golden(name + ":contact:" + only(name)).id())
                    .as(name)
                    .isEqualTo(golden.id());
        }
        assertThat(only().state()).isEqualTo(DeletionState.SETTLED);
    }

    @Test
    @DisplayName("DEL-4, R10: a record that comes back while its delete is under way elsewhere is created there again")
    void comesBackTooLate() {
        policy(Action.PROPAGATE);
        annaEverywhere();
        delete("crm");
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(2));
        hub.resolver.resolvePending(20);
        hub.system("erp").beforeReply = () -> {
            hub.system("erp").beforeReply = () -> {};
            hub.system("crm").edit("1", ANNA);
            hub.read("crm");
        };
        hub.send("erp");
        later();
        assertThat(hub.system("crm").records()).hasSize(1);
        assertThat(hub.system("erp").records()).hasSize(1);
        assertThat(hub.golden("crm:contact:1").id())
                .isEqualTo(hub.golden("erp:contact:" + only("erp")).id());
    }

    @Test
    @DisplayName("SYN-5: a delete whose reply is lost is looked up, and settled without a second one")
    void lostReply() {
        policy(Action.PROPAGATE);
        annaEverywhere();
        hub.system("erp").effects.clear();
        hub.system("erp").loseReplies = true;
        delete("crm");
        later();
        assertThat(hub.system("erp").records()).isEmpty();
        assertThat(hub.system("erp").effects).hasSize(1).allMatch(op -> op instanceof WriteOp.Delete);
        assertThat(only().state()).isEqualTo(DeletionState.SETTLED);
    }

    @Test
    @DisplayName("DEL-1: a system that deletes one of two records of a thing has not deleted the thing")
    void oneOfTwo() {
        policy(Action.PROPAGATE);
        annaEverywhere();
        hub.system("crm").edit("2", ANNA);
        hub.settle();
        hub.system("crm").delete("2");
        later();
        assertThat(hub.system("erp").records()).hasSize(1);
        assertThat(new ArrayList<>(deletions())).allMatch(deletion -> deletion.state() == DeletionState.SETTLED);
    }
}
