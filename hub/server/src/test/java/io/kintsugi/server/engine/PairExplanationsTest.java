package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRulesReader;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.config.ModelReader;
import io.kintsugi.server.engine.explain.PairExplanation;
import io.kintsugi.server.engine.explain.PairExplanation.Ground;
import io.kintsugi.server.engine.explain.PairExplanations;
import io.kintsugi.server.engine.resolution.Verdicts;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PairExplanationsTest {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "Anna.Kowalski@Acme.example", "born", "1980-03-04");
    private static final Map<String, Object> BRUNO =
            Map.of("first", "Bruno", "last", "Silva", "email", "bruno@silva.example", "born", "1975-05-05");
    private static final Map<String, Object> EVA = Map.of("first", "Eva", "last", "Kowalski", "born", "1999-12-31");

    private final HubUnderTest hub = new HubUnderTest(new MemoryHubStore(), false, "crm", "erp", "web");
    private final PairExplanations pairs = new PairExplanations(
            hub.store, hub.model, (rules, doc) -> ModelReader.matching(rules.type(), doc.version(), doc.body()));

    private PairExplanation explain(String a, String b) {
        return explain(a, b, null);
    }

    private PairExplanation explain(String a, String b, Instant asOf) {
        return pairs.explain(RecordKey.parse(a), RecordKey.parse(b), asOf);
    }

    private void tellApart(String a, String b) {
        var keys = new TreeSet<>(List.of(RecordKey.parse(a), RecordKey.parse(b)));
        hub.store.write(tx -> {
            new Verdicts(tx, "sam", hub.clock.instant())
                    .different(List.of(List.of(keys.first()), List.of(keys.last())));
            tx.records().markPending(keys);
            return null;
        });
        hub.settle();
    }

    private void declareDuplicateFree(String... systems) {
        var now = hub.model.get();
        hub.model.publish(new HubModel(
                now.entityTypes(),
                Map.of(
                        "contact",
                        new MatchPolicy(
                                "contact", 1, MatchRulesReader.shipped(EntityType.Kind.PERSON), Set.of(systems))),
                now.authority(),
                now.systems()));
    }

    @Test
    @DisplayName(
            "ID-9: the prior and the bits of every comparison sum to the score, beside raw and standardised values")
    void theStepsSumToTheScore() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("1", ANNA);
        hub.settle();
        var why = explain("erp:contact:1", "crm:contact:1");
        assertThat(why.a()).as("the smaller key first").hasToString("crm:contact:1");
        assertThat(why.comparisons().get(0).evidence().name()).isEqualTo("prior");
        double sum = why.comparisons().stream()
                .mapToDouble(step -> step.evidence().bits())
                .sum();
        assertThat(sum).isCloseTo(why.computed().score(), within(1e-9));
        var email = why.comparisons().stream()
                .filter(step -> step.evidence().name().equals("email"))
                .findFirst()
                .orElseThrow();
        assertThat(email.evidence().left()).as("standardised").isEqualTo("anna.kowalski@acme.example");
        assertThat(email.attributes()).as("raw values are those of").containsExactly("email");
        assertThat(why.conclusion().decision()).isEqualTo(Decision.MATCH);
        assertThat(why.conclusion().ground()).isEqualTo(Ground.SCORE);
        assertThat(why.sameGolden()).isTrue();
        assertThat(why.blockKey()).startsWith("contact:");
        assertThat(why.keys()).extracting(PairExplanation.SharedKey::value).contains(why.blockKey());
        assertThat(why.computed().ruleSet()).contains("contact rules");
    }

    @Test
    @DisplayName("ID-9: every comparison names the attributes whose raw values it read")
    void everyComparisonNamesWhatItRead() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("1", ANNA);
        hub.settle();
        var why = explain("crm:contact:1", "erp:contact:1");
        assertThat(why.comparisons())
                .filteredOn(step -> step.evidence().left() != null)
                .hasSizeGreaterThan(3)
                .allSatisfy(step -> assertThat(step.attributes()).isNotEmpty());
    }

    @Test
    @DisplayName("ID-9: two records that share no key are explained too: the rules never compare them")
    void whyNotWithoutAKey() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("1", BRUNO);
        hub.settle();
        var why = explain("crm:contact:1", "erp:contact:1");
        assertThat(why.links()).isEmpty();
        assertThat(why.keys()).isEmpty();
        assertThat(why.blockKey()).isNull();
        assertThat(why.conclusion().decision()).isEqualTo(Decision.NO_MATCH);
        assertThat(why.conclusion().ground()).isEqualTo(Ground.NO_KEY);
        assertThat(why.conclusion().text()).contains("share no block key");
        assertThat(why.computed().score()).isNegative();
    }

    @Test
    @DisplayName("ID-9: a verdict is named with who said it, and beats a score that matches")
    void aVerdictIsNamed() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("1", ANNA);
        hub.settle();
        tellApart("crm:contact:1", "erp:contact:1");
        var why = explain("crm:contact:1", "erp:contact:1");
        assertThat(why.computed().decision()).isEqualTo(Decision.MATCH);
        assertThat(why.conclusion().decision()).isEqualTo(Decision.NO_MATCH);
        assertThat(why.conclusion().ground()).isEqualTo(Ground.VERDICT);
        assertThat(why.conclusion().text()).isEqualTo("sam said that they are not the same.");
    }

    @Test
    @DisplayName("ID-9: two records of a system that holds each thing once are kept apart by that declaration")
    void aDuplicateFreeSystemIsNamed() {
        declareDuplicateFree("crm");
        hub.system("crm").edit("1", ANNA);
        hub.system("crm").edit("2", ANNA);
        hub.settle();
        var why = explain("crm:contact:1", "crm:contact:2");
        assertThat(why.conclusion().ground()).isEqualTo(Ground.DUPLICATE_FREE);
        assertThat(why.conclusion().text()).contains("crm holds each thing once");
    }

    @Test
    @DisplayName("ID-9: a verdict between other records of the two goldens is found")
    void aVerdictOfOthersIsNamed() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("1", BRUNO);
        hub.system("web").edit("1", BRUNO);
        hub.settle();
        tellApart("crm:contact:1", "erp:contact:1");
        var why = explain("crm:contact:1", "web:contact:1");
        assertThat(why.assertions())
                .filteredOn(one -> one.ground() == Ground.VERDICT_OF_OTHERS)
                .singleElement()
                .satisfies(one -> assertThat(one.text()).contains("crm:contact:1 and erp:contact:1"));
    }

    @Test
    @DisplayName("ID-9: as of an instant: the values, the golden and the verdicts of then, and who was not known yet")
    void asOfAnEarlierInstant() {
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        hub.clock.advance(Duration.ofHours(1));
        var alone = hub.clock.instant();
        hub.clock.advance(Duration.ofHours(1));
        hub.system("erp").edit("1", EVA);
        hub.settle();
        hub.clock.advance(Duration.ofHours(1));
        var apart = hub.clock.instant();
        hub.clock.advance(Duration.ofHours(1));
        hub.system("erp").edit("1", ANNA);
        hub.settle();
        hub.clock.advance(Duration.ofHours(1));
        var together = hub.clock.instant();
        hub.clock.advance(Duration.ofHours(1));
        tellApart("crm:contact:1", "erp:contact:1");

        var first = explain("crm:contact:1", "erp:contact:1", alone);
        assertThat(first.conclusion().ground()).isEqualTo(Ground.NOT_KNOWN);
        assertThat(first.conclusion().text()).contains("did not know erp:contact:1 then");
        assertThat(first.thenA().known()).isTrue();
        assertThat(first.thenB().since()).isAfter(alone);
        assertThat(first.computed()).isNull();

        var second = explain("crm:contact:1", "erp:contact:1", apart);
        assertThat(second.thenB().attributes()).containsEntry("firstName", "Eva");
        assertThat(second.sameGolden()).isFalse();
        assertThat(second.conclusion().decision()).isEqualTo(Decision.NO_MATCH);

        var third = explain("crm:contact:1", "erp:contact:1", together);
        assertThat(third.thenB().attributes()).containsEntry("firstName", "Anna");
        assertThat(third.sameGolden()).isTrue();
        assertThat(third.links())
                .as("the verdict came later")
                .extracting(Link::origin)
                .containsExactly(Origin.RULE);
        assertThat(third.conclusion().decision()).isEqualTo(Decision.MATCH);

        var now = explain("crm:contact:1", "erp:contact:1");
        assertThat(now.conclusion().ground()).isEqualTo(Ground.VERDICT);
    }

    @Test
    void anUnknownRecordAndRecordsOfTwoTypesAreRefused() {
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        assertThatThrownBy(() -> explain("crm:contact:1", "erp:contact:none"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.NOT_FOUND))
                .hasMessageContaining("erp:contact:none");
        assertThatThrownBy(() -> explain("crm:contact:1", "erp:account:1"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.UNPROCESSABLE));
    }
}
