package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.outbound.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A system that is read as ever, and takes no write for a while. */
class UnwillingSystemTest {
    private static final int PEOPLE = 30;
    private final HubUnderTest hub = hub();
    private final List<WriteOp> asked = new ArrayList<>();

    private static HubUnderTest hub() {
        var store = new MemoryHubStore();
        store.runWorkTwice(true);
        var hub = new HubUnderTest(store, false, "crm", "erp");
        for (int i = 0; i < PEOPLE; i++) {
            var random = new Random(i);
            var person = Map.<String, Object>of(
                    "first", People.word(random, 6),
                    "last", People.word(random, 8),
                    "email", People.word(random, 9) + "@example.org");
            hub.system("crm").edit("p" + i, person);
            hub.system("erp").edit("p" + i, person);
        }
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        return hub;
    }

    private void answer(Function<WriteOp, WriteResult> fault) {
        hub.system("erp").fault = op -> {
            asked.add(op);
            return fault.apply(op);
        };
    }

    private static WriteResult refusal(WriteOp op, boolean attempted) {
        return attempted
                ? new WriteResult.Rejected(
                        op.opId(),
                        new RecordError(RecordError.Code.LOCKED, null, "503", "in maintenance", List.of(), true))
                : new WriteResult.NotAttempted(op.opId(), "in maintenance");
    }

    private List<OutboundChange> in(OutboundState state) {
        return hub.store.read(tx -> tx.outbox().list("erp", state, null, 1000)).items();
    }

    /** Ten seconds at a time. */
    private void pass(Duration time) {
        for (var end = hub.clock.instant().plus(time); hub.clock.instant().isBefore(end); ) {
            hub.clock.advance(Duration.ofSeconds(10));
            hub.send("erp");
        }
    }

    @ParameterizedTest(name = "attempted: {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "SYN-7: while a system takes no write nothing parks, it is asked ever less, and all arrives afterwards")
    void nothingParksWhileASystemIsUnwilling(boolean attempted) {
        hub.system("erp").maxBatch = 2;
        answer(op -> refusal(op, attempted));
        for (int i = 0; i < PEOPLE; i++) hub.system("crm").edit("p" + i, Map.of("city", "City " + i));
        hub.takeIn();
        pass(Duration.ofHours(1));
        assertThat(in(OutboundState.PARKED)).isEmpty();
        assertThat(in(OutboundState.DUE)).hasSize(PEOPLE).allSatisfy(change -> assertThat(change.attempts())
                .isLessThanOrEqualTo(5));
        assertThat(hub.dispatcher.unwilling("erp").orElseThrow().problem()).contains("in maintenance");
        assertThat(asked.size()).as("five batches, then one write at a time").isBetween(20, 30);
        answer(op -> null);
        pass(Duration.ofMinutes(6));
        assertThat(hub.dispatcher.unwilling("erp")).isEmpty();
        assertThat(in(OutboundState.SETTLED)).hasSize(PEOPLE);
        for (int i = 0; i < PEOPLE; i++) {
            assertThat(hub.system("erp").value("p" + i, "city")).isEqualTo("City " + i);
        }
    }

    @Test
    @DisplayName("SYN-7: one write that is not taken does not keep the others waiting")
    void oneWriteIsNotInTheWay() {
        answer(op -> ((WriteOp.Update) op).id().equals("p0") ? refusal(op, true) : null);
        hub.system("crm").edit("p0", Map.of("city", "Oslo"));
        hub.takeIn();
        pass(Duration.ofHours(1));
        assertThat(hub.dispatcher.unwilling("erp")).as("it took nothing else").isPresent();
        assertThat(in(OutboundState.DUE)).singleElement().satisfies(change -> assertThat(change.attempts())
                .isLessThan(Outcome.MAX_ATTEMPTS));
        hub.system("crm").edit("p1", Map.of("city", "Bergen"));
        hub.takeIn();
        pass(Duration.ofMinutes(11));
        assertThat(hub.system("erp").value("p1", "city")).isEqualTo("Bergen");
        assertThat(hub.dispatcher.unwilling("erp")).isEmpty();
    }
}
