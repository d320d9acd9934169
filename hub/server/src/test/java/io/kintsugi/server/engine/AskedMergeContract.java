package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.SeenMerge;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Which merges inside a system a person is asked about, and what the answers do; on the in-memory store and on the graph. Who is where is
 * as in {@link SystemMergeContract}.
 */
abstract class AskedMergeContract {
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

    private List<Review> open() {
        return hub.store
                .read(tx -> tx.reviews()
                        .list(new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "openedAt"), null, 10))
                .items();
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
    @DisplayName(
            "MRG-3: by the policy REVIEW a person is asked; until then the golden records stay two and the loser has no say")
    void askedByPolicy() {
        hub.onMerges("crm", SeenMerge.REVIEW);
        hub.system("crm").merge("1", "2", false);
        hub.settle();
        assertThat(hub.golden("web:contact:2").id()).isEqualTo(bruno);
        assertThat(hub.golden("crm:contact:1").id()).isEqualTo(anna);
        assertThat(open()).singleElement().satisfies(review -> {
            assertThat(review.kind()).isEqualTo(Kind.CANDIDATE);
            assertThat(review.reason()).contains("crm:contact:1", "crm:contact:2", "merged in crm");
            assertThat(review.goldens()).containsExactlyInAnyOrder(anna, bruno);
        });
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("erp").edit("1", Map.of("city", "Gdansk"));
        hub.settle();
        assertThat(open()).hasSize(1);
        answer(Decision.MATCH);
        assertThat(hub.clusters()).containsExactly(ALL);
        assertThat(hub.system("web").value("2", "city")).isEqualTo("Gdansk");
        assertThat(open()).isEmpty();
    }

    @Test
    @DisplayName(
            "MRG-3: also if the loser was all that its golden record held; the answer makes its id lead to the survivor's")
    void aLoneLoserIsAskedAbout() {
        hub.onMerges("crm", SeenMerge.REVIEW);
        hub.system("crm").edit("3", Map.of("first", "Carla", "last", "Rossi", "email", "carla@rossi.example"));
        hub.settle();
        var carla = hub.golden("crm:contact:3").id();
        hub.system("crm").merge("1", "3", false);
        hub.settle();
        assertThat(hub.golden("crm:contact:3").state()).isEqualTo(GoldenState.DELETED);
        answer(Decision.MATCH);
        assertThat(hub.currentId(carla)).isEqualTo(anna);
        assertThat(hub.golden("crm:contact:3").id()).isEqualTo(anna);
    }

    @Test
    @DisplayName("SYN-5: a value of which nobody knows whose it is is asked about in the record that it went into too")
    void anUndecidedValueIsAskedAboutWhereItWent() {
        hub.onMerges("crm", SeenMerge.REVIEW);
        hub.system("crm").edit("2", Map.of("city", "Oslo"));
        hub.settle();
        var loser = RecordKey.parse("crm:contact:2");
        hub.store.write(tx -> {
            var record = tx.records().lock(new TreeSet<>(Set.of(loser))).get(loser);
            var states = new HashMap<>(record.states());
            states.put("city", new AttributeState(null, 1, false, true, "", null, "Lund", "nobody knows whose it is"));
            tx.records().save(List.of(record.withStates(states)));
            return null;
        });
        hub.system("crm").merge("1", "2", false);
        hub.settle();
        assertThat(hub.golden("crm:contact:1").id()).as("another thing").isEqualTo(anna);
        var parked = hub.store.read(tx -> tx.outbox().list("crm", OutboundState.PARKED, null, 10));
        assertThat(parked.items()).singleElement().satisfies(change -> {
            assertThat(change.target()).isEqualTo(RecordKey.parse("crm:contact:1"));
            assertThat(change.problem()).contains("city");
        });
    }

    private void answer(Decision decision) {
        var review = open().get(0);
        hub.stewardship.decide(review.id(), review.revision(), decision, "asked them", "sam");
        hub.settle();
    }

    @Test
    @DisplayName("ID-4: a steward who says that they are two is not asked again")
    void answeredNo() {
        hub.onMerges("crm", SeenMerge.REVIEW);
        hub.system("crm").merge("1", "2", false);
        hub.settle();
        answer(Decision.NO_MATCH);
        hub.onMerges("crm", SeenMerge.ADOPT);
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("web").edit("2", Map.of("city", "Porto"));
        hub.settle();
        assertThat(open()).isEmpty();
        assertThat(hub.clusters()).hasSize(2);
        assertThat(hub.system("crm").value("1", "city")).isNull();
    }

    @Test
    @DisplayName("MRG-3: rules that agree are enough where the policy says so, others are not")
    void ifRulesAgree() {
        hub.onMerges("crm", SeenMerge.ADOPT_IF_RULES_AGREE);
        hub.system("crm").merge("1", "2", false);
        hub.settle();
        assertThat(hub.clusters()).hasSize(2);
        assertThat(open()).hasSize(1);
    }

    @Test
    @DisplayName("ID-4: a steward's word that two are not one is never overruled by a system; the steward is asked")
    void aVerdictIsAskedAbout() {
        var first = hub.stewardship.merge(List.of(anna, bruno), null, Map.of(), "same desk", "sam");
        hub.settle();
        unmerge(first);
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("crm").merge("1", "2", false);
        hub.settle();
        assertThat(hub.golden("web:contact:2").id()).isEqualTo(bruno);
        assertThat(hub.golden("crm:contact:1").id()).isEqualTo(anna);
        assertThat(open()).hasSize(1);
        hub.clock.advance(Duration.ofMinutes(1));
        answer(Decision.NO_MATCH);
        assertThat(open()).isEmpty();
        assertThat(hub.clusters()).hasSize(2);
    }
}
