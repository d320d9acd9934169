package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.Merging;
import io.kintsugi.core.policy.Merging.Brake;
import io.kintsugi.core.policy.Merging.Mode;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.engine.stewardship.BrakeAnswers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The brake on merges by rules, through the whole flow; on the in-memory store and on the graph. */
abstract class MergeBrakeContract {
    private static final List<String> FIRST = List.of("Anna", "Bruno", "Carla", "Dmitri", "Elena");
    private static final List<String> LAST = List.of("Kowalski", "Silva", "Rossi", "Petrov", "Garcia");

    private HubUnderTest hub;
    private BrakeAnswers answers;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void twoSystems() {
        hub = new HubUnderTest(emptyStore(), false, "crm", "erp");
        answers = new BrakeAnswers(hub.store, hub.stewardship, hub.clock, hub.events);
    }

    private void policy(Mode mode) {
        hub.matching(ModesContract.policy(new Merging(mode, 100, List.of(), new Brake(2, 1))));
        hub.takeIn();
    }

    /** So many people, each in both systems and known apart, because rules only report; then rules merge. */
    private void fill(int from, int to) {
        policy(Mode.REPORT);
        for (int i = from; i < to; i++) {
            for (var system : List.of("crm", "erp")) hub.system(system).edit("" + i, person(i));
        }
        hub.takeIn();
    }

    private static Map<String, Object> person(int i) {
        return Map.of(
                "first",
                FIRST.get(i),
                "last",
                LAST.get(i),
                "email",
                FIRST.get(i) + "." + LAST.get(i) + "@acme.example",
                "born",
                "19" + (50 + i) + "-03-0" + (1 + i));
    }

    private List<Review> open(Kind kind) {
        return hub.store
                .read(tx -> tx.reviews()
                        .list(new Reviews.Filter(kind, ReviewState.OPEN, null, null, null, "openedAt"), null, 50))
                .items();
    }

    @Test
    @DisplayName(
            "MRG-1, sync.md 4.5: more merges by rules than the brake lets through are not made; one question, each listed")
    void tooManyMergesAreHeldBack() {
        fill(0, 5);
        policy(Mode.AUTO);
        assertThat(hub.clusters()).as("none of a batch that is too much").hasSize(10);
        assertThat(open(null)).singleElement().satisfies(asked -> {
            assertThat(asked.kind()).isEqualTo(Kind.MERGE_BRAKE);
            assertThat(asked.reason())
                    .startsWith("rules would make more merges within 24 hours than the brake lets through (2)");
        });
        assertThat(open(Kind.HELD_MERGE)).hasSize(5).allSatisfy(held -> assertThat(held.goldens())
                .hasSize(2));
        hub.system("crm").edit("1", Map.of("city", "Leeds"));
        hub.clock.advance(Duration.ofDays(3));
        hub.takeIn();
        assertThat(hub.clusters())
                .as("whatever happens, until somebody answers")
                .hasSize(10);
        var asked = open(Kind.MERGE_BRAKE).get(0);
        answers.answer(asked.id(), asked.revision(), true, "right", "sam");
        hub.takeIn();
        assertThat(hub.clusters()).hasSize(5);
        assertThat(open(Kind.HELD_MERGE)).isEmpty();
        assertThat(open(null)).isEmpty();
    }

    @Test
    @DisplayName("MRG-1, ID-4: refused once, they stay apart for good; each can be taken back")
    void refusedMergesStayApart() {
        fill(0, 4);
        policy(Mode.AUTO);
        var asked = open(Kind.MERGE_BRAKE).get(0);
        var one = open(Kind.HELD_MERGE).get(0);
        answers.answer(asked.id(), asked.revision(), false, "wrong", "sam");
        policy(Mode.AUTO);
        assertThat(hub.clusters()).hasSize(8);
        assertThat(open(null)).isEmpty();
        assertThat(open(Kind.HELD_MERGE)).isEmpty();
        assertThatThrownBy(() -> answers.answer(asked.id(), asked.revision() + 1, true, null, "sam"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.NOT_POSSIBLE));
        var decided = hub.store.read(tx -> tx.reviews().find(List.of(one.id()))).get(one.id());
        hub.stewardship.undo(decided.id(), decided.revision(), "sam");
        hub.takeIn();
        assertThat(hub.clusters()).as("one merge is not too many").hasSize(7);
    }

    @Test
    @DisplayName("MRG-1: what people say is merged whatever the brake, also what it holds back")
    void peopleMayMergeWhatIsHeldBack() {
        fill(0, 4);
        policy(Mode.AUTO);
        var held = open(Kind.HELD_MERGE).get(0);
        hub.stewardship.decide(held.id(), held.revision(), Decision.MATCH, null, "sam");
        hub.takeIn();
        assertThat(hub.clusters()).hasSize(7);
        assertThat(open(Kind.HELD_MERGE)).hasSize(3);
        assertThat(open(Kind.MERGE_BRAKE)).hasSize(1);
    }

    @Test
    @DisplayName("MRG-1: a few merges pass, and count for a day")
    void aFewMergesPass() {
        fill(0, 2);
        policy(Mode.AUTO);
        assertThat(hub.clusters()).hasSize(2);
        assertThat(open(null)).isEmpty();
        hub.clock.advance(Duration.ofHours(25));
        for (int i = 2; i < 4; i++) {
            hub.system("crm").edit("" + i, person(i));
            hub.system("erp").edit("" + i, Map.of("first", "Nobody", "last", "Known" + i));
        }
        hub.takeIn();
        for (int i = 2; i < 4; i++) hub.system("erp").edit("" + i, person(i));
        hub.takeIn();
        assertThat(hub.clusters()).as("two more, a day later").hasSize(4);
        assertThat(open(null)).isEmpty();
    }

    @Test
    @DisplayName("MRG-1: filling a system is no matter of the brake")
    void fillingASystemIsNoMatterOfTheBrake() {
        policy(Mode.AUTO);
        for (int i = 0; i < 5; i++) hub.system("crm").edit("" + i, person(i));
        hub.takeIn();
        for (int i = 0; i < 5; i++) hub.system("erp").edit("" + i, person(i));
        hub.takeIn();
        assertThat(hub.clusters()).hasSize(5);
        assertThat(open(null)).isEmpty();
    }
}
