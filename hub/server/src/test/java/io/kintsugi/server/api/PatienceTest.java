package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PatienceTest {
    @Test
    void whatIsThereInTimeIsGivenAndWhatFailsIsThrown() {
        var patience = new Patience(Duration.ofSeconds(30));
        assertThat(patience.await(() -> 7)).contains(7);
        assertThatThrownBy(() -> patience.await(() -> {
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no");
    }

    @Test
    void workThatWaitsIsGivenUpAndFewWaitAtOnce() throws InterruptedException {
        var patience = new Patience(Duration.ofMillis(20));
        var locked = new CountDownLatch(1);
        var begun = new AtomicInteger();
        var ended = new CountDownLatch(4);
        for (int i = 0; i < 9; i++) {
            assertThat(patience.await(() -> {
                        begun.incrementAndGet();
                        awaitQuietly(locked);
                        ended.countDown();
                        return 1;
                    }))
                    .isEmpty();
        }
        locked.countDown();
        assertThat(ended.await(30, TimeUnit.SECONDS)).as("it ends by itself").isTrue();
        assertThat(begun).hasValue(4);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
