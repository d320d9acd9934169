package io.kintsugi.server.engine.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BreakerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Outcome BUSY = new Outcome.Again("busy", false);
    private static final Outcome LOST = new Outcome.Unknown("no reply", NOW, false);
    private static final Outcome TAKEN = new Outcome.Done("1", null, true);
    private static final Outcome REFUSED = new Outcome.Stuck("too long");

    @Test
    @DisplayName("SYN-7: after five batches of which nothing was taken a system is left alone, for longer and longer")
    void opensAndWaits() {
        var breaker = Breaker.CLOSED;
        for (int i = 1; i < Breaker.MOST; i++) {
            breaker = breaker.after(List.of(BUSY, BUSY), NOW);
            assertThat(breaker.isOpen(NOW)).isFalse();
            assertThat(breaker.probes()).isFalse();
        }
        var pauses = new ArrayList<Long>();
        for (int i = 0; i < 6; i++) {
            breaker = breaker.after(List.of(BUSY), NOW);
            assertThat(breaker.isOpen(breaker.until().minusMillis(1))).isTrue();
            assertThat(breaker.isOpen(breaker.until())).isFalse();
            assertThat(breaker.probes()).isTrue();
            assertThat(breaker.why()).isEqualTo("busy");
            pauses.add(Duration.between(NOW, breaker.until()).toSeconds());
        }
        assertThat(pauses).containsExactly(30L, 60L, 120L, 240L, 300L, 300L);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("SYN-7: nothing is held up as long as one of five batches in a row is answered, also by a refusal")
    void oneAnswerIsEnough(long seed) {
        var random = new Random(seed);
        var breaker = Breaker.CLOSED;
        int row = 0;
        for (int i = 0; i < 200; i++) {
            var batch = new ArrayList<Outcome>();
            for (int n = random.nextInt(3); n >= 0; n--) batch.add(random.nextInt(8) > 0 ? BUSY : LOST);
            if (random.nextInt(6) == 0)
                batch.add(random.nextInt(batch.size() + 1), random.nextBoolean() ? TAKEN : REFUSED);
            boolean answered = batch.contains(TAKEN) || batch.contains(REFUSED);
            row = answered ? 0 : batch.contains(LOST) ? row : row + 1;
            breaker = breaker.after(batch, NOW);
            assertThat(breaker.isOpen(NOW)).isEqualTo(row >= Breaker.MOST);
            if (answered) assertThat(breaker).isEqualTo(Breaker.CLOSED);
        }
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 20);
    }
}
