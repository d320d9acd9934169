package io.kintsugi.server.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.Quota;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("SYN-9: a rate gate")
class GateTest {
    private static final Duration TEN = Duration.ofSeconds(10);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Gate gate = new Gate(new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    @Test
    @DisplayName("never lets more through in any window than the quota declares")
    void neverExceedsTheQuota() {
        gate.limit(new Quota("api", 100, TEN, null));
        record Call(Instant at, int cost) {}
        var calls = new ArrayList<Call>();
        var random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            int cost = 1 + random.nextInt(20);
            var wait = gate.take(cost);
            if (wait.isZero()) calls.add(new Call(now, cost));
            now = now.plus(wait.isZero() ? Duration.ofMillis(random.nextInt(100)) : wait);
        }
        for (var last : calls) {
            int inWindow = calls.stream()
                    .filter(call -> call.at().isAfter(last.at().minus(TEN))
                            && !call.at().isAfter(last.at()))
                    .mapToInt(Call::cost)
                    .sum();
            assertThat(inWindow).isLessThanOrEqualTo(100);
        }
        assertThat(calls.stream().mapToInt(Call::cost).sum())
                .as("and hardly less")
                .isGreaterThan(
                        (int) (80 * Duration.between(calls.get(0).at(), now).toSeconds() / 10));
    }

    @Test
    @DisplayName("lets everything through that no quota limits, and what costs more than all units goes alone")
    void letsThroughWhatIsNotLimited() {
        assertThat(gate.take(1_000_000)).isZero();
        gate.limit(new Quota("api", null, null, 4));
        assertThat(gate.take(1_000_000)).isZero();
        gate.limit(new Quota("api", 5, TEN, null));
        assertThat(gate.take(7)).isZero();
        assertThat(gate.take(1)).isEqualTo(TEN);
        now = now.plus(TEN);
        assertThat(gate.take(1)).isZero();
    }

    @Test
    @DisplayName("keeps the longest pause that the system asked for")
    void keepsPauses() {
        gate.penalise(Duration.ofSeconds(3));
        gate.penalise(Duration.ofSeconds(1));
        assertThat(gate.take(1)).isEqualTo(Duration.ofSeconds(3));
        now = now.plusSeconds(3);
        assertThat(gate.take(1)).isZero();
    }
}
