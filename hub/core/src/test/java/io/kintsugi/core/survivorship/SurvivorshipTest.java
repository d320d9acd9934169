package io.kintsugi.core.survivorship;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SurvivorshipTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private static AuthorityPolicy policy(Strategy strategy, String... ranking) {
        return new AuthorityPolicy("contact", 3, new Rule(strategy, List.of(ranking)), Map.of());
    }

    private static SourceRecord record(String system, String id, Integer seconds, Map<String, String> attributes) {
        var at = seconds == null ? null : T0.plusSeconds(seconds);
        return SourceRecord.observed(new RecordKey(system, "contact", id), "people", attributes, at, T0, null);
    }

    private static String winner(AuthorityPolicy policy, SourceRecord... members) {
        return Choosing.winner(policy, "phone", members);
    }

    @Test
    void theTrustedSystemWinsHoweverOldItsValue() {
        assertThat(winner(
                        policy(Strategy.SYSTEM_RANK, "crm", "erp"),
                        record("erp", "1", 90, Map.of("phone", "new")),
                        record("crm", "1", 1, Map.of("phone", "old"))))
                .isEqualTo("old");
    }

    @Test
    void ofSystemsTrustedAlikeTheLatestValueWins() {
        var policy = policy(Strategy.SYSTEM_RANK, "crm");
        assertThat(winner(
                        policy, // neither is named
                        record("erp", "1", 1, Map.of("phone", "old")),
                        record("web", "1", 90, Map.of("phone", "new"))))
                .isEqualTo("new");
        assertThat(winner(
                        policy,
                        record("crm", "1", 1, Map.of("phone", "old")),
                        record("crm", "2", 90, Map.of("phone", "new"))))
                .isEqualTo("new");
    }

    @Test
    void theLatestValueWinsAndAnUndatedOneIsOldest() {
        assertThat(winner(
                        policy(Strategy.LATEST),
                        record("a", "1", null, Map.of("phone", "undated")),
                        record("b", "1", 5, Map.of("phone", "dated"))))
                .isEqualTo("dated");
    }

    private static SourceRecord copyInCrm() {
        return new SourceRecord(
                new RecordKey("crm", "contact", "1"),
                "people",
                RecordState.LIVE,
                Map.of("phone", "copy"),
                Map.of("phone", new AttributeState(T0.plusSeconds(99), 4, true, true, "before", null)),
                T0,
                T0,
                null,
                null);
    }

    @Test
    @DisplayName("SYN-3: with no original left a copy stands for what was written, not for what its system made of it")
    void aCopyStandsForWhatWasWritten() {
        var image = new AttributeState(T0, 4, true, true, "", null, "+49 30 1234567", null);
        assertThat(winner(policy(Strategy.LATEST), Choosing.with(copyInCrm(), "phone", image)))
                .isEqualTo("+49 30 1234567");
    }

    @Test
    void aCopyNeverOutranksAnOriginal() {
        var copy = copyInCrm();
        assertThat(winner(
                        policy(Strategy.SYSTEM_RANK, "crm", "erp"),
                        copy,
                        record("erp", "1", 1, Map.of("phone", "original"))))
                .isEqualTo("original");
        assertThat(winner(policy(Strategy.LATEST), copy, record("erp", "1", 1, Map.of("phone", "original"))))
                .isEqualTo("original");
        assertThat(winner(policy(Strategy.LATEST), copy))
                .as("the last copy left survives")
                .isEqualTo("copy");
    }

    @Test
    @DisplayName("ID-5: a record without keys supplies no value")
    void onlyLiveRecordsAreCandidates() {
        var unkeyed = record("crm", "1", 9, Map.of("phone", "nobody's")).withState(RecordState.UNKEYED);
        assertThat(winner(policy(Strategy.LATEST), unkeyed, record("web", "1", 1, Map.of("phone", "here"))))
                .isEqualTo("here");
    }

    @Test
    void emptyValuesAndDeletedRecordsAreNoCandidates() {
        var gone = record("crm", "1", 9, Map.of("phone", "gone")).withState(RecordState.DELETED);
        assertThat(winner(
                        policy(Strategy.LATEST),
                        gone,
                        record("erp", "1", 8, Map.of("phone", "")),
                        record("web", "1", 1, Map.of("phone", "here"))))
                .isEqualTo("here");
    }

    @Test
    @DisplayName("DA-4: every losing candidate says why it lost")
    void losersSayWhy() {
        var rule = new Rule(Strategy.SYSTEM_RANK, List.of("crm", "erp"));
        var choice = Choosing.choices(
                        new AuthorityPolicy("contact", 1, rule, Map.of()),
                        record("crm", "1", 1, Map.of("phone", "a")),
                        record("erp", "1", 2, Map.of("phone", "b")))
                .get("phone");
        assertThat(choice.reasonLost(choice.candidates().get(1))).isEqualTo("erp ranks below crm");
    }

    private static String reason(Strategy strategy, SourceRecord... members) {
        var rule = new Rule(strategy, List.of("crm", "erp"));
        var policy = new AuthorityPolicy("contact", 1, rule, Map.of());
        return Choosing.choices(policy, members).get("phone").reasonSurvives();
    }

    @Test
    @DisplayName("DA-4: a surviving value says in words why it does")
    void survivorsSayWhy() {
        var crm = record("crm", "1", 1, Map.of("phone", "a"));
        var erp = record("erp", "1", 2, Map.of("phone", "b"));
        assertThat(reason(Strategy.SYSTEM_RANK, crm)).isEqualTo("only value");
        assertThat(reason(Strategy.SYSTEM_RANK, crm, record("web", "1", 1, Map.of("phone", "a"))))
                .isEqualTo("all records agree");
        assertThat(reason(Strategy.SYSTEM_RANK, crm, erp)).isEqualTo("crm ranks above erp");
        assertThat(reason(Strategy.SYSTEM_RANK, crm, record("crm", "2", 5, Map.of("phone", "c"))))
                .isEqualTo("newest value of equally ranked systems");
        assertThat(reason(Strategy.SYSTEM_RANK, crm, record("crm", "2", 1, Map.of("phone", "c"))))
                .isEqualTo("tie, decided by record key");
        assertThat(reason(Strategy.LATEST, crm, erp)).isEqualTo("newest value");
        assertThat(reason(Strategy.LATEST, crm, record("erp", "1", 1, Map.of("phone", "b"))))
                .isEqualTo("as new as others, and crm ranks above erp");
    }

    @Test
    @DisplayName("DA-4: an original among copies says so, whatever the rank of the copies")
    void anOriginalAmongCopiesSaysSo() {
        var original = record("erp", "1", 2, Map.of("phone", "original"));
        assertThat(reason(Strategy.SYSTEM_RANK, copyInCrm(), original))
                .isEqualTo("the original; what differs are copies the hub wrote");
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("DA-2: the winner does not depend on the order of the members")
    void orderNeverMatters(long seed) {
        var random = new Random(seed);
        var members = new ArrayList<SourceRecord>();
        for (int i = 0; i < 6; i++) {
            members.add(record(
                    List.of("crm", "erp", "web").get(random.nextInt(3)),
                    "r" + i,
                    random.nextBoolean() ? null : random.nextInt(3),
                    Map.of("phone", "v" + random.nextInt(4), "email", "e" + random.nextInt(3))));
        }
        for (var policy : List.of(policy(Strategy.LATEST), policy(Strategy.SYSTEM_RANK, "web", "crm"))) {
            var expected = Choosing.told(policy, members);
            var shuffled = new ArrayList<>(members);
            Collections.shuffle(shuffled, random);
            assertThat(Choosing.told(policy, shuffled)).isEqualTo(expected);
        }
    }
}
