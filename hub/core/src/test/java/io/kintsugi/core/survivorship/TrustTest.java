package io.kintsugi.core.survivorship;

import static io.kintsugi.core.survivorship.Choosing.day;
import static io.kintsugi.core.survivorship.Choosing.record;
import static io.kintsugi.core.survivorship.Choosing.winner;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.RuleOf;
import io.kintsugi.core.policy.Trust;
import io.kintsugi.core.policy.ValueTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrustTest {
    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    static Map<String, Trust> trust() {
        return Map.of(
                "crm",
                new Trust(90, 10, Duration.ofDays(80), null, List.of()),
                "erp",
                new Trust(60, 50, null, Duration.ofDays(20), List.of()),
                Rule.OTHERS,
                Trust.always(30));
    }

    @Test
    @DisplayName("DA-8: a fresher value of a less trusted system overtakes at the instant that was predicted")
    void trustDecays() {
        var policy = RuleOf.of(Strategy.TRUST).trust(trust()).ranking("crm").policy(); // crm wins a tie
        var members = List.of(record("crm", 0, "phone", "old"), record("web", 30, "phone", "fresh"));
        var before = Survivorship.survive(members, policy, List.of(), day(40));
        assertThat(before.choices().get("phone").value()).isEqualTo("old");
        assertThat(before.nextChange()).isEqualTo(day(61)); // 90 - 61 = 29 < 30
        var moment = Survivorship.survive(members, policy, List.of(), day(61).minusMillis(1));
        assertThat(moment.choices().get("phone").value()).isEqualTo("old");
        var after = Survivorship.survive(members, policy, List.of(), day(61));
        assertThat(after.choices().get("phone").value()).isEqualTo("fresh");
        assertThat(after.choices().get("phone").reasonSurvives()).isEqualTo("trusted with 30 points, the next with 29");
        assertThat(after.nextChange()).isNull();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("DA-8: between now and the predicted instant the winner never changes, at that instant it does")
    void thePredictionIsExact(long seed) {
        var random = new Random(seed);
        var policy = RuleOf.of(Strategy.TRUST).trust(trust()).policy();
        var members = Choosing.members(random, List.of("phone"));
        var now = day(random.nextInt(30));
        var first = Survivorship.survive(members, policy, List.of(), now);
        if (!first.choices().containsKey("phone")) return;
        var winner = first.choices().get("phone").winner();
        var change = first.nextChange();
        for (int hour = 0; hour < 24 * 120; hour += 7) {
            var at = now.plus(Duration.ofHours(hour));
            if (change != null && !at.isBefore(change)) break;
            assertThat(Survivorship.survive(members, policy, List.of(), at)
                            .choices()
                            .get("phone")
                            .winner())
                    .isEqualTo(winner);
        }
        if (change == null) return;
        assertThat(Survivorship.survive(members, policy, List.of(), change)
                        .choices()
                        .get("phone")
                        .winner())
                .isNotEqualTo(winner);
    }

    @Test
    @DisplayName("DA-8: a downgrade takes points from values of records that fulfil its condition")
    void downgrades() {
        var doubtful = new Trust.Downgrade(List.of(new ValueTest("country", ValueTest.Kind.BLANK, List.of())), 50);
        var policy = RuleOf.of(Strategy.TRUST)
                .trust(Map.of("crm", new Trust(90, 90, null, null, List.of(doubtful)), "erp", Trust.always(60)))
                .policy();
        var erp = record("erp", 1, "phone", "e");
        assertThat(winner(policy, "phone", record("crm", 1, "phone", "c"), erp)).isEqualTo("e");
        assertThat(winner(policy, "phone", record("crm", 1, "phone", "c", "country", "NO"), erp))
                .isEqualTo("c");
    }
}
