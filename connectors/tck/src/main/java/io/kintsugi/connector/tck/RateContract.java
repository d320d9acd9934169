package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Capabilities.Quota;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A call too many is waited out: it is said to the engine and to the gate, and nothing is lost by it. */
@Tag("rate-limit")
abstract class RateContract extends Contract {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(7);

    private void throttle() throws Exception {
        shownOnlyIf(subject.throttle(RETRY_AFTER), "the subject sets no limit");
    }

    private void assertRateLimited(ThrowingCallable call) {
        context.penalised.clear();
        assertThatThrownBy(call).isInstanceOfSatisfying(ConnectorException.RateLimited.class, limited -> assertThat(
                        limited.retryAfter())
                .isIn(null, RETRY_AFTER));
        assertThat(context.penalised.values())
                .as("pauses asked of the gate")
                .isNotEmpty()
                .allSatisfy(pause -> assertThat(pause).isPositive());
    }

    @Test
    void aReadTooManyIsRateLimitedAndTheNextPollTellsAll() throws Exception {
        needs(Feed.INCREMENTAL);
        String id = subject.create(texts("before", null));
        subject.settle();
        Checkpoint position = changes().start(everything(), StartAt.NOW);
        subject.edit(id, Map.of(first(), "after"));
        subject.settle();
        throttle();
        assertRateLimited(() -> changes().poll(everything(), position, 10));
        assertRateLimited(() -> connector.lookups().byId(everything(), List.of(id)));
        subject.recover();
        Replica replica = new Replica();
        replica.catchUp(connector, everything(), position, 10);
        assertThat(textsOf(replica.records().get(id))).isEqualTo(seen(id));
    }

    @Test
    void aWriteTooManyIsNotDoneAndCanBeSentAgain() throws Exception {
        needs(Op.UPDATE);
        String id = subject.create(texts("before", null));
        WriteOp op = new WriteOp.Update("op", id, Map.of(first(), "after"), Set.of(), Map.of(), null);
        throttle();
        try {
            assertThat(write(op)).isInstanceOf(WriteResult.NotAttempted.class);
        } catch (ConnectorException.RateLimited e) {
            // as good: nothing of the call was done
        }
        assertThat(context.penalised).as("pauses asked of the gate").isNotEmpty();
        subject.recover();
        assertThat(seen(id)).containsEntry(first(), "before");
        assertThat(write(op)).isInstanceOf(WriteResult.Applied.class);
        assertThat(seen(id)).containsEntry(first(), "after");
    }

    private WriteResult write(WriteOp op) throws ConnectorException {
        return facet(Writer.class)
                .write(subject.stream(), List.of(op), new Writer.WriteOptions(null, Duration.ofSeconds(30)))
                .get(0);
    }

    @Test
    @Tag("CON-1")
    void everyCallAsksTheGateOfADeclaredQuota() throws Exception {
        onlyIf(!can().quotas().isEmpty(), "declares no quotas");
        String id = subject.create(texts("a", null));
        context.acquired.clear();
        found(id);
        assertThat(can().quotas())
                .extracting(Quota::bucket)
                .as("buckets asked")
                .containsAnyElementsOf(context.acquired);
    }
}
