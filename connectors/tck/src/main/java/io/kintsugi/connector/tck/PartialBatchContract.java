package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.WriteResult.Applied;
import io.kintsugi.connector.spi.WriteResult.NotAttempted;
import io.kintsugi.connector.spi.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A batch that is cut says of each op what is known: done, certainly not done, or unknown; never a guess. */
@Tag("partial-batch")
abstract class PartialBatchContract extends Contract {
    private final List<String> ids = new ArrayList<>();
    private final List<WriteOp> ops = new ArrayList<>();

    @BeforeEach
    void fourUpdates() throws Exception {
        needs(Op.UPDATE);
        onlyIf(can().writing().maxBatch() >= 4, "takes fewer than four ops at a time");
        for (int i = 0; i < 4; i++) {
            ids.add(subject.create(texts("before", null)));
            ops.add(new WriteOp.Update("op-" + i, ids.get(i), Map.of(first(), "after"), Set.of(), Map.of(), null));
        }
    }

    /** Results by op id, each of which agrees with what a user sees. */
    private Map<String, WriteResult> write(List<WriteOp> some, Duration deadline) throws Exception {
        Map<String, WriteResult> results = new TreeMap<>();
        for (WriteResult result :
                facet(Writer.class).write(subject.stream(), some, new Writer.WriteOptions(null, deadline)))
            assertThat(results.put(result.opId(), result))
                    .as("one result per op")
                    .isNull();
        subject.recover();
        assertThat(results).containsOnlyKeys(some.stream().map(WriteOp::opId).toArray(String[]::new));
        for (WriteResult result : results.values()) {
            assertThat(result).as("nothing was wrong with the ops").isNotInstanceOf(WriteResult.Rejected.class);
            String id = ids.get(Integer.parseInt(result.opId().substring(3)));
            if (result instanceof Applied)
                assertThat(seen(id)).as("applied " + result.opId()).containsEntry(first(), "after");
            if (result instanceof NotAttempted)
                assertThat(seen(id)).as("not attempted " + result.opId()).containsEntry(first(), "before");
        }
        return results;
    }

    private void sendTheRestAgain(Map<String, WriteResult> results) throws Exception {
        List<WriteOp> rest = ops.stream()
                .filter(op -> !(results.get(op.opId()) instanceof Applied))
                .toList();
        assertThat(write(rest, Duration.ofSeconds(30)).values()).hasOnlyElementsOfType(Applied.class);
        for (String id : ids) assertThat(seen(id)).containsEntry(first(), "after");
    }

    @Test
    void aBatchCutAfterACommitSaysWhatIsUnknown() throws Exception {
        shownOnlyIf(subject.cutAfterCommit(2), "the connection of the subject cannot be cut");
        Map<String, WriteResult> results = write(ops, Duration.ofSeconds(30));
        assertThat(results.values())
                .as("the op that was committed without an answer")
                .hasAtLeastOneElementOfType(WriteResult.Ambiguous.class);
        sendTheRestAgain(results);
    }

    @Test
    void aBatchStopsAtItsDeadline() throws Exception {
        shownOnlyIf(subject.slowDown(Duration.ofSeconds(20)), "the subject cannot be slowed down");
        Map<String, WriteResult> results = write(ops, Duration.ofSeconds(30));
        assertThat(results.values().stream().filter(Applied.class::isInstance))
                .as("ops of 20 s each within 30 s")
                .hasSizeLessThan(3);
        sendTheRestAgain(results);
    }
}
