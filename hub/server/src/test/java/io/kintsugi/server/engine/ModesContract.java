package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.Condition;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRules;
import io.kintsugi.core.policy.Merging;
import io.kintsugi.core.policy.Merging.Mode;
import io.kintsugi.core.policy.ValueTest;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Reviews;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What rules may do about pairs they take for the same, through the whole flow; on the in-memory store and on the graph. */
abstract class ModesContract {
    private static final Map<String, Object> ANNA = Map.of(
            "first",
            "Anna",
            "last",
            "Kowalski",
            "email",
            "anna.kowalski@acme.example",
            "born",
            "1980-03-04",
            "city",
            "Leeds");

    private HubUnderTest hub;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void threeSystems() {
        hub = new HubUnderTest(emptyStore(), true, "crm", "erp", "web");
    }

    static MatchPolicy policy(Merging merging, Condition... more) {
        var shipped = Matcher.defaults(HubUnderTest.CONTACT);
        var rules = shipped.rules();
        var conditions = new ArrayList<>(rules.conditions());
        conditions.addAll(List.of(more));
        return new MatchPolicy(
                "contact",
                2,
                new MatchRules(
                        rules.version(),
                        rules.records(),
                        rules.duplicates(),
                        rules.relatives(),
                        rules.autoBits(),
                        rules.reviewBits(),
                        rules.comparisons(),
                        rules.keys(),
                        rules.fileKeys(),
                        conditions),
                Set.of(),
                merging);
    }

    static Merging mode(Mode mode) {
        return new Merging(mode, Merging.USUAL_SIZE, List.of());
    }

    private List<Review> open(Kind kind) {
        return hub.store
                .read(tx -> tx.reviews()
                        .list(new Reviews.Filter(kind, ReviewState.OPEN, null, null, null, "score"), null, 10))
                .items();
    }

    private long held() {
        return hub.store.read(tx -> tx.outbox().counts()).stream()
                .filter(count -> count.state() == OutboundState.HELD)
                .mapToLong(count -> count.changes())
                .sum();
    }

    private void anna(String... systems) {
        for (var system : systems) hub.system(system).edit("1", ANNA);
        hub.settle();
    }

    @Test
    @DisplayName(
            "MRG-1: report merges nothing and asks nobody; what would be merged is listed, and nothing is created for it")
    void reportListsWhatWouldBeMerged() {
        hub.matching(policy(mode(Mode.REPORT)));
        anna("crm", "erp");
        assertThat(hub.clusters()).hasSize(2);
        assertThat(open(null)).as("nobody is asked").isEmpty();
        assertThat(open(Kind.WOULD_MERGE)).singleElement().satisfies(listed -> {
            assertThat(listed.goldens()).hasSize(2);
            assertThat(listed.reason()).contains("crm:contact:1 and erp:contact:1 match", "only report");
        });
        assertThat(hub.system("crm").records()).as("no twin is made").hasSize(1);
        assertThat(hub.system("web").records()).as("no twins are made").isEmpty();
        assertThat(held()).isPositive();
        hub.matching(policy(Merging.AUTO)).settle();
        assertThat(hub.clusters()).hasSize(1);
        assertThat(open(Kind.WOULD_MERGE)).isEmpty();
        assertThat(hub.system("web").records()).hasSize(1);
    }

    @Test
    @DisplayName("MRG-1: questions that were open are none any more where rules only report")
    void openQuestionsEndWhereRulesOnlyReport() {
        hub.system("crm").edit("2", Map.of("first", "Robert", "last", "Okafor", "born", "1961-04-02", "city", "Leeds"));
        hub.system("erp").edit("2", Map.of("first", "Robert", "last", "Okafor", "city", "Leeds"));
        var asks = policy(Merging.AUTO).rules().withThresholds(9, 0);
        hub.matching(policy(Merging.AUTO).withRules(asks)).takeIn();
        assertThat(open(null)).singleElement().satisfies(asked -> assertThat(asked.kind())
                .isEqualTo(Kind.CANDIDATE));
        hub.matching(policy(mode(Mode.REPORT)).withRules(asks)).takeIn();
        assertThat(open(null)).isEmpty();
        assertThat(open(Kind.WOULD_MERGE)).isEmpty();
    }

    @Test
    @DisplayName("MRG-1: what is listed as a merge can be decided by a person")
    void whatIsListedCanBeDecided() {
        hub.matching(policy(mode(Mode.REPORT)));
        anna("crm", "erp");
        var listed = open(Kind.WOULD_MERGE).get(0);
        hub.stewardship.decide(listed.id(), listed.revision(), Decision.MATCH, null, "sam");
        hub.settle();
        assertThat(hub.clusters()).hasSize(1);
        assertThat(open(Kind.WOULD_MERGE)).isEmpty();
    }

    @Test
    @DisplayName("MRG-1: review asks before any merge, unless a rule with a mode of its own decides")
    void reviewAsksAlways() {
        hub.matching(policy(mode(Mode.REVIEW)));
        anna("crm", "erp");
        assertThat(hub.clusters()).hasSize(2);
        assertThat(open(null)).singleElement().satisfies(asked -> {
            assertThat(asked.kind()).isEqualTo(Kind.CANDIDATE);
            assertThat(asked.reason()).contains("ask before they merge");
        });
        var certain =
                new Condition("same e-mail", Condition.Effect.CERTAIN, Map.of("email", List.of("same")), 12, Mode.AUTO);
        hub.matching(policy(mode(Mode.REVIEW), certain)).settle();
        assertThat(hub.clusters()).hasSize(1);
        assertThat(open(null)).isEmpty();
    }

    @Test
    @DisplayName("MRG-1, ID-4: whatever the mode, what stewards said stays: apart in auto, one in report")
    void verdictsOutliveEveryMode() {
        hub.matching(policy(mode(Mode.REVIEW)));
        anna("crm", "erp");
        var asked = open(null).get(0);
        var no = hub.stewardship.decide(asked.id(), asked.revision(), Decision.NO_MATCH, null, "sam");
        hub.matching(policy(Merging.AUTO)).settle();
        assertThat(hub.golden("crm:contact:1").id())
                .isNotEqualTo(hub.golden("erp:contact:1").id());
        hub.stewardship.undo(no.id(), no.revision(), "sam");
        hub.matching(policy(mode(Mode.REVIEW))).settle();
        var again = open(null).get(0);
        hub.stewardship.decide(again.id(), again.revision(), Decision.MATCH, null, "sam");
        hub.matching(policy(mode(Mode.REPORT))).settle();
        assertThat(hub.golden("crm:contact:1").id())
                .isEqualTo(hub.golden("erp:contact:1").id());
    }

    @Test
    @DisplayName("MRG-1: rules make no golden of more records than maxClusterSize; a review names it, and a person may")
    void noLargerGoldensThanTheCap() {
        hub.matching(policy(new Merging(Mode.AUTO, 2, List.of())));
        for (var system : List.of("crm", "erp", "web")) hub.system(system).edit("1", ANNA);
        hub.takeIn();
        assertThat(hub.clusters()).hasSize(2);
        assertThat(open(null)).singleElement().satisfies(asked -> {
            assertThat(asked.kind()).isEqualTo(Kind.DISPUTED);
            assertThat(asked.records()).hasSize(3);
            assertThat(asked.reason()).contains("one of 3 records", "more than 2 (maxClusterSize)");
        });
        var asked = open(null).get(0);
        hub.stewardship.decide(asked.id(), asked.revision(), Decision.MATCH, null, "sam");
        hub.takeIn();
        assertThat(hub.clusters()).hasSize(1);
    }

    @Test
    @DisplayName("MRG-1: records for which skipWhen holds are never merged by rules, and nobody is asked about them")
    void skippedRecordsAreNeverMergedByRules() {
        var leeds = new ValueTest("city", ValueTest.Kind.ONE_OF, List.of("Leeds"));
        hub.matching(policy(new Merging(Mode.AUTO, 100, List.of(leeds))));
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("1", ANNA);
        hub.takeIn();
        assertThat(hub.clusters()).hasSize(2);
        assertThat(open(null)).isEmpty();
        assertThat(open(Kind.WOULD_MERGE)).isEmpty();
        hub.system("crm").edit("1", Map.of("city", "Porto"));
        hub.system("erp").edit("1", Map.of("city", "Porto"));
        hub.takeIn();
        assertThat(hub.clusters()).as("it holds for them no more").hasSize(1);
    }
}
