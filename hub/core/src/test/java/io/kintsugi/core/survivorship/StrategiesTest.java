package io.kintsugi.core.survivorship;

import static io.kintsugi.core.survivorship.Choosing.T0;
import static io.kintsugi.core.survivorship.Choosing.choices;
import static io.kintsugi.core.survivorship.Choosing.day;
import static io.kintsugi.core.survivorship.Choosing.overwritten;
import static io.kintsugi.core.survivorship.Choosing.record;
import static io.kintsugi.core.survivorship.Choosing.winner;
import static io.kintsugi.core.survivorship.Choosing.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.NullPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.OnDisconnect;
import io.kintsugi.core.policy.AuthorityPolicy.OnForeignWrite;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.RuleOf;
import io.kintsugi.core.policy.ValueTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StrategiesTest {
    private static final List<String> ADDRESS = List.of("street", "city", "postcode");

    @ParameterizedTest
    @CsvSource({
        "SYSTEM_RANK, bb",
        "LATEST, c",
        "OLDEST, a7",
        "MOST_FREQUENT, c",
        "LONGEST, ddd",
        "SHORTEST, c",
        "MIN, a7",
        "MAX, ddd",
        "UNION, a7; bb; c; ddd"
    })
    @DisplayName("DA-1: every strategy chooses by what it is named after")
    void eachStrategyChooses(Strategy strategy, String expected) {
        var policy = RuleOf.of(strategy).ranking("web", "crm").policy();
        assertThat(winner(
                        policy,
                        "phone",
                        record("crm", 1, "phone", "a7"),
                        record("web", 2, "phone", "bb"),
                        record("erp", "1", 3, "phone", "ddd"),
                        record("erp", "2", 4, "phone", "c"),
                        record("erp", "3", 5, "phone", "c")))
                .isEqualTo(expected);
    }

    @Test
    @DisplayName("DA-1: numbers are compared as numbers, and texts come after them")
    void numbersAreNumbers() {
        var members = List.of(
                record("crm", 1, "count", "9"), record("erp", 1, "count", "10"), record("web", 1, "count", "many"));
        assertThat(winner(RuleOf.of(Strategy.MIN).policy(), "count", members.toArray(SourceRecord[]::new)))
                .isEqualTo("9");
        assertThat(winner(RuleOf.of(Strategy.MAX).policy(), "count", members.toArray(SourceRecord[]::new)))
                .isEqualTo("10");
        assertThat(winner(RuleOf.of(Strategy.SUM).policy(), "count", members.toArray(SourceRecord[]::new)))
                .isEqualTo("19");
    }

    @Test
    @DisplayName("DA-1: a sum that was written to the systems is not added to itself")
    void aSumOfWhatSystemsSayThemselves() {
        var crm = overwritten(record("crm", 1, "count", "2"), "count", "5", 7);
        var erp = overwritten(record("erp", 1, "count", "3"), "count", "5", 7);
        assertThat(winner(RuleOf.of(Strategy.SUM).policy(), "count", crm, erp)).isEqualTo("5");
    }

    @Test
    @DisplayName("DA-10: a value that one system takes out of a union is gone, unless another one said it too")
    void aUnionLosesOnlyWhatOneSystemSaid() {
        var union = RuleOf.of(Strategy.UNION).policy();
        var crm = overwritten(record("crm", 1, "tags", "a; b"), "tags", "a; b; c", 7);
        var erp = overwritten(record("erp", 1, "tags", "b; c"), "tags", "a; b; c", 7);
        assertThat(winner(union, "tags", crm, erp)).isEqualTo("a; b; c");
        var edited = with(record("erp", 5, "tags", "a; b"), "tags", AttributeState.original(day(5), 7)); // took c away
        assertThat(winner(union, "tags", crm, edited)).isEqualTo("a; b");
        var without = with(record("erp", 5, "tags", "c"), "tags", AttributeState.original(day(5), 7)); // b stays crm's
        assertThat(winner(union, "tags", crm, without)).isEqualTo("a; b; c");
    }

    @Test
    @DisplayName("DA-1: the first strategy of a chain that is decisive decides")
    void aChainGoesOnUntilOneDecides() {
        var policy = RuleOf.of(Strategy.MOST_FREQUENT, Strategy.LONGEST).policy();
        var choice = choices(policy, record("crm", 9, "phone", "aa"), record("erp", 1, "phone", "bbb"))
                .get("phone");
        assertThat(choice.value()).isEqualTo("bbb");
        assertThat(choice.decidedBy()).isEqualTo("LONGEST");
        assertThat(choice.reasonSurvives()).isEqualTo("longest value");
        assertThat(choice.reasonLost(choice.candidates().get(1))).isEqualTo("shorter value");
    }

    @Test
    @DisplayName("DA-1: the record that says most by itself wins, copies do not count")
    void theMostCompleteRecord() {
        var policy = RuleOf.of(Strategy.MOST_COMPLETE_RECORD).policy();
        var rich = record("crm", 1, "phone", "a", "city", "Oslo", "email", "x");
        var filledByHub = overwritten(
                overwritten(record("erp", 1, "phone", "b", "name", "n", "city", "", "email", ""), "city", "Oslo", 4),
                "email",
                "x",
                5);
        assertThat(winner(policy, "phone", filledByHub, rich)).isEqualTo("a");
    }

    private static AuthorityPolicy grouped(Rule rule) {
        return new AuthorityPolicy(
                "contact",
                1,
                RuleOf.of(Strategy.LATEST).rule(),
                Map.of("address", List.of(rule)),
                Map.of("address", ADDRESS));
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("DA-1: the attributes of a group always come from one record, whatever the strategy")
    void aGroupNeverMixesRecords(long seed) {
        var random = new Random(seed);
        var members = Choosing.members(random, ADDRESS);
        for (var strategy : Strategy.values()) {
            if (List.of(Strategy.UNION, Strategy.SUM, Strategy.SAME_RECORD_AS).contains(strategy)) continue;
            var rule = RuleOf.of(strategy).ranking("web", "crm");
            if (strategy == Strategy.TRUST) rule.trust(TrustTest.trust());
            var from = choices(grouped(rule.rule()), members.toArray(SourceRecord[]::new)).values().stream()
                    .filter(choice -> choice.winner() != null)
                    .map(choice -> choice.winner().record())
                    .distinct();
            assertThat(from).as(strategy.name()).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    @DisplayName("DA-1: a part that the record of the group is known not to have is cleared, not taken from another")
    void aGroupClearsWhatItsRecordDoesNotHave() {
        var policy = grouped(RuleOf.of(Strategy.SYSTEM_RANK).ranking("crm").rule());
        var crm = record("crm", 1, "street", "Main 1", "city", "Oslo", "postcode", "");
        var erp = record("erp", 2, "street", "Side 2", "city", "Bergen", "postcode", "5003");
        assertThat(choices(policy, crm, erp).get("postcode").value()).isEmpty();
        var unknown = record("crm", 1, "street", "Main 1", "city", "Oslo");
        assertThat(winner(policy, "postcode", unknown, erp)).isNull();
    }

    @Test
    @DisplayName("DA-1: an attribute follows the record of another one or of a group")
    void anAttributeFollowsTheRecordOfAnother() {
        var policy = new AuthorityPolicy(
                "contact",
                1,
                RuleOf.of(Strategy.LATEST).rule(),
                Map.of(
                        "address",
                        List.of(RuleOf.of(Strategy.SYSTEM_RANK).ranking("crm").rule()),
                        "phone",
                        List.of(RuleOf.of(Strategy.SAME_RECORD_AS)
                                .sameRecordAs("address")
                                .rule()),
                        "email",
                        List.of(RuleOf.of(Strategy.SAME_RECORD_AS, Strategy.LATEST)
                                .sameRecordAs("city")
                                .rule())),
                Map.of("address", ADDRESS));
        var crm = record("crm", 1, "street", "Main 1", "phone", "of crm");
        var erp = record("erp", 9, "street", "Side 2", "phone", "newer", "email", "of erp");
        assertThat(winner(policy, "phone", crm, erp)).isEqualTo("of crm");
        assertThat(winner(policy, "email", crm, erp))
                .as("a chain goes on where the record has none")
                .isEqualTo("of erp");
        assertThat(winner(policy, "phone", record("crm", 1, "street", "Main 1"), erp))
                .isNull();
    }

    @Test
    @DisplayName("DA-1: rules that need their own outcome are refused, and say which way they go round")
    void circlesAreRefused() {
        var rules = Map.of(
                "phone",
                RuleOf.of(Strategy.SAME_RECORD_AS).sameRecordAs("email").rule(),
                "email",
                RuleOf.of(Strategy.LATEST)
                        .when(new ValueTest("phone", ValueTest.Kind.FILLED, List.of()))
                        .rule());
        var latest = RuleOf.of(Strategy.LATEST).rule();
        assertThatThrownBy(() -> new AuthorityPolicy("contact", 1, latest, rules))
                .hasMessageContaining("goes in a circle")
                .hasMessageContaining("phone needs email");
    }

    @Test
    @DisplayName("DA-1: a rule holds under a condition on another surviving value, and some records have no say")
    void conditions() {
        var norwegian = RuleOf.of(Strategy.SYSTEM_RANK)
                .ranking("erp")
                .when(new ValueTest("country", ValueTest.Kind.ONE_OF, List.of("NO")))
                .rule();
        var others = RuleOf.of(Strategy.LATEST)
                .only(new ValueTest(ValueTest.SYSTEM, ValueTest.Kind.NONE_OF, List.of("web")))
                .rule();
        var policy = new AuthorityPolicy(
                "contact", 1, RuleOf.of(Strategy.LATEST).rule(), Map.of("phone", List.of(norwegian, others)), Map.of());
        var erp = record("erp", 1, "phone", "e");
        var crm = record("crm", 2, "phone", "c", "country", "NO");
        var web = record("web", 3, "phone", "w");
        assertThat(winner(policy, "phone", erp, crm, web)).isEqualTo("e");
        assertThat(winner(policy, "phone", erp, record("crm", 2, "phone", "c", "country", "SE"), web))
                .isEqualTo("c");
    }

    @Test
    @DisplayName("DA-1: what only a steward may say has no value until one does")
    void onlyAStewardSays() {
        var choice = choices(RuleOf.of(Strategy.STEWARD_ONLY).policy(), record("crm", 1, "phone", "a"))
                .get("phone");
        assertThat(choice.value()).isNull();
        assertThat(choice.reasonLost(choice.candidates().get(0))).isEqualTo("only a steward may say it");
    }

    @ParameterizedTest
    @CsvSource({
        "IGNORE_NULL,             known to be empty, here",
        "NULL_WINS_IF_AUTHORITY,  known to be empty, ''",
        "EXPLICIT_CLEAR_ONLY,     known to be empty, here",
        "IGNORE_NULL,             cleared,           here",
        "NULL_WINS_IF_AUTHORITY,  cleared,           ''",
        "EXPLICIT_CLEAR_ONLY,     cleared,           ''",
        "IGNORE_NULL,             unknown,           here",
        "NULL_WINS_IF_AUTHORITY,  unknown,           here",
        "EXPLICIT_CLEAR_ONLY,     unknown,           here"
    })
    @DisplayName("DA-5: what an empty value in the trusted system means")
    void emptyValues(NullPolicy nulls, String trusted, String expected) {
        var policy = RuleOf.of(Strategy.SYSTEM_RANK).ranking("crm").nulls(nulls).policy();
        var crm = trusted.equals("unknown") ? record("crm", 9, "city", "x") : record("crm", 9, "phone", "");
        if (trusted.equals("cleared")) crm = with(crm, "phone", AttributeState.original(day(9), 0));
        assertThat(winner(policy, "phone", crm, record("erp", 1, "phone", "here")))
                .isEqualTo(expected);
    }

    @Test
    @DisplayName("DA-5: blanks are no value, newer and longer though they may be")
    void blanks() {
        var erp = record("erp", 9, "phone", "          ");
        var crm = record("crm", 1, "phone", "here");
        for (var strategy : List.of(Strategy.LATEST, Strategy.LONGEST)) {
            assertThat(winner(RuleOf.of(strategy).policy(), "phone", crm, erp)).isEqualTo("here");
        }
        var cleared = with(erp, "phone", AttributeState.original(day(9), 0));
        var clears = RuleOf.of(Strategy.SYSTEM_RANK).ranking("erp").nulls(NullPolicy.EXPLICIT_CLEAR_ONLY);
        assertThat(winner(clears.policy(), "phone", crm, cleared)).isEmpty();
        assertThat(choices(RuleOf.of(Strategy.LATEST).policy(), erp)).doesNotContainKey("phone");
    }

    @Test
    @DisplayName(
            "DA-5: an empty value in a system that is not trusted clears nothing, and one the hub cleared is no voice")
    void whoMayClear() {
        var policy = RuleOf.of(Strategy.SYSTEM_RANK)
                .ranking("crm", "erp")
                .nulls(NullPolicy.NULL_WINS_IF_AUTHORITY)
                .policy();
        var erp = record("erp", 9, "phone", "");
        assertThat(winner(policy, "phone", record("crm", 1, "phone", "here"), erp))
                .isEqualTo("here");
        var cleared = overwritten(record("crm", 1, "phone", "old"), "phone", "", 4);
        assertThat(winner(policy, "phone", cleared, record("web", 1, "phone", "here")))
                .isEqualTo("here");
    }

    @Test
    @DisplayName("DA-3: an accepted change wins until the trusted system changes its own value")
    void acceptedUntilTheAuthoritySpeaks() {
        var policy = RuleOf.of(Strategy.SYSTEM_RANK)
                .ranking("crm", "erp")
                .onForeignWrite(OnForeignWrite.ACCEPT)
                .policy();
        var erp = record("erp", 5, "phone", "edited");
        var choice = choices(policy, record("crm", 1, "phone", "trusted"), erp).get("phone");
        assertThat(choice.value()).isEqualTo("edited");
        assertThat(choice.decidedBy()).isEqualTo("ACCEPTED");
        assertThat(winner(policy, "phone", record("crm", 6, "phone", "trusted"), erp))
                .isEqualTo("trusted");
        assertThat(winner(policy, "phone", record("crm", 1, "phone", "trusted"), record("erp", null, "phone", "old")))
                .isEqualTo("trusted");
    }

    @Test
    @DisplayName("DA-1: a value whose record is gone is kept in its copies, or recalled for what the others had said")
    void recall() {
        var gone = record("crm", 1, "phone", "of crm").withState(RecordState.DELETED);
        var erp = overwritten(record("erp", 1, "phone", "of erp"), "phone", "of crm", 4);
        var web = overwritten(record("web", 1, "phone", ""), "phone", "of crm", 4);
        var rule = RuleOf.of(Strategy.SYSTEM_RANK).ranking("crm", "web", "erp");
        assertThat(winner(rule.policy(), "phone", gone, erp, web)).isEqualTo("of crm");
        assertThat(winner(rule.onDisconnect(OnDisconnect.RECALL).policy(), "phone", gone, erp, web))
                .isEqualTo("of erp");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("DA-2: under every strategy and reaction the winner depends on the records alone, not on their order")
    void orderNeverMatters(long seed) {
        var random = new Random(seed);
        var members = Choosing.members(random, List.of("street", "city", "postcode", "phone"));
        for (var strategy : Strategy.values()) {
            if (strategy == Strategy.SAME_RECORD_AS) continue;
            var rule = RuleOf.of(strategy)
                    .ranking("web", "crm")
                    .nulls(NullPolicy.values()[random.nextInt(3)])
                    .onDisconnect(OnDisconnect.values()[random.nextInt(2)])
                    .onForeignWrite(OnForeignWrite.values()[random.nextInt(4)]);
            if (strategy == Strategy.TRUST) rule.trust(TrustTest.trust());
            var policy = rule.rule().gathers() ? rule.policy() : grouped(rule.rule());
            var expected = Choosing.told(policy, members);
            for (int i = 0; i < 4; i++) {
                var shuffled = new ArrayList<>(members);
                Collections.shuffle(shuffled, random);
                assertThat(Choosing.told(policy, shuffled)).isEqualTo(expected);
            }
            if (strategy == Strategy.TRUST) continue;
            for (var later : List.of(day(1), day(900))) {
                var then = Survivorship.survive(members, policy, List.of(), later);
                assertThat(then.nextChange()).isNull();
                then.choices().forEach((attribute, choice) -> assertThat(choice.value())
                        .as("time does not matter")
                        .isEqualTo(Survivorship.survive(members, policy, List.of(), T0)
                                .choices()
                                .get(attribute)
                                .value()));
            }
        }
    }
}
