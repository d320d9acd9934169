package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.DeleteFeed;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.inbound.Inbound;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is read when systems forget, hide or send too much. */
class InboundFlowTest {
    private final HubUnderTest hub = new HubUnderTest(new MemoryHubStore(), false, "crm");

    @BeforeEach
    void people() {
        for (int i = 0; i < 120; i++) {
            hub.system("crm").edit("p" + i, Map.of("first", "A" + i, "last", "B" + i, "email", i + "@x.example"));
        }
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
    }

    private RecordState state(String id) {
        var key = RecordKey.parse("crm:contact:" + id);
        return hub.store.read(tx -> tx.records().find(List.of(key))).get(key).state();
    }

    private List<Review> unmappable(ReviewState state) {
        return hub.store
                .read(tx -> tx.reviews()
                        .list(new Reviews.Filter(Kind.UNMAPPABLE, state, null, null, null, "openedAt"), null, 10))
                .items();
    }

    @Test
    @DisplayName("SYN-6, DEL-2: deletes that the system forgot to tell are found by reading all of it")
    void deletesOfForgottenChangesAreFound() {
        hub.system("crm").forget("p7", "p99");
        hub.settle();
        assertThat(state("p7")).isEqualTo(RecordState.DELETED);
        assertThat(state("p99")).isEqualTo(RecordState.DELETED);
        assertThat(state("p8")).isEqualTo(RecordState.LIVE);
        assertThat(unmappable(ReviewState.OPEN)).isEmpty();
    }

    @Test
    @DisplayName("DEL-2: what the hub may not see any more, or what has left a view, is no delete but a question")
    void whatIsHiddenIsNotDeleted() {
        hub.system("crm").forget("p7", "p99");
        hub.system("crm").hidden.add("p99");
        hub.settle();
        assertThat(state("p7")).isEqualTo(RecordState.DELETED);
        assertThat(state("p99")).isEqualTo(RecordState.LIVE);
        assertThat(unmappable(ReviewState.OPEN)).singleElement().satisfies(review -> assertThat(review.reason())
                .contains("p99")
                .contains("does not say that it was deleted"));
        hub.system("crm").hidden.clear();
        hub.system("crm").edit("p99", Map.of("first", "Back")); // it is in the view again
        hub.settle();
        assertThat(hub.values("crm:contact:p99")).containsEntry("firstName", "Back");
        assertThat(unmappable(ReviewState.OPEN)).isEmpty();
    }

    @Test
    @DisplayName("DEL-2: a stream that tells deletes by what is not there needs no other word")
    void absenceProvesWhereTheSystemSaysSo() {
        hub.system("crm").provesDeletes = DeleteFeed.Source.COMPARISON;
        hub.system("crm").forget("p7");
        hub.system("crm").hidden.add("p7");
        hub.settle();
        assertThat(state("p7")).isEqualTo(RecordState.DELETED);
        assertThat(unmappable(ReviewState.OPEN)).isEmpty();
    }

    @Test
    @DisplayName("DEL-2: when most of a system is missing no delete is believed, and a person is asked")
    void aShrunkenSystemIsDoubted() {
        hub.system("crm").forget(IntStream.range(0, 110).mapToObj(i -> "p" + i).toArray(String[]::new));
        hub.settle();
        assertThat(state("p7")).isEqualTo(RecordState.LIVE);
        assertThat(unmappable(ReviewState.OPEN)).singleElement().satisfies(review -> assertThat(review.reason())
                .contains("110 of 120"));
    }

    @Test
    @DisplayName("DEL-2: a reading that was cut short is begun again before it deletes anything")
    void anInterruptedReadingDeletesNothing() throws Exception {
        hub.system("crm").forget("p7");
        inbound().next(50);
        assertThat(state("p7")).isEqualTo(RecordState.LIVE);
        var restarted = inbound(); // as after a crash
        while (!restarted.next(50).caughtUp()) {
            // until it is at its end
        }
        assertThat(state("p7")).isEqualTo(RecordState.DELETED);
        assertThat(IntStream.range(0, 120).filter(i -> state("p" + i) == RecordState.DELETED))
                .containsExactly(7);
    }

    private Inbound inbound() {
        var mapping = hub.model.get().systems().get(0).streams().get(0);
        return new Inbound(hub.store, hub.model, hub.clock, "crm", mapping, hub.system("crm"), () -> null);
    }

    @Test
    @DisplayName("SYN-6: a change of a record that the system does not show is parked until it shows it")
    void aHiddenRecordIsParked() {
        hub.system("crm").hidden.add("p3");
        hub.system("crm").hint("p3");
        hub.settle();
        assertThat(unmappable(ReviewState.OPEN)).singleElement().satisfies(review -> assertThat(review.reason())
                .contains("crm people p3"));
        assertThat(state("p3")).isEqualTo(RecordState.LIVE);
        hub.system("crm").hidden.clear();
        hub.system("crm").hint("p3");
        hub.settle();
        assertThat(unmappable(ReviewState.OPEN)).isEmpty();
    }

    @Test
    @DisplayName("SYN-7: a row with an endless id parks alone and its page is stored")
    void anEndlessIdParksAlone() {
        hub.system("crm").edit("x".repeat(20_000), Map.of("first", "A"));
        hub.system("crm").edit("p3", Map.of("city", "Oslo"));
        hub.settle();
        assertThat(hub.values("crm:contact:p3")).containsEntry("city", "Oslo");
        assertThat(unmappable(ReviewState.OPEN))
                .singleElement()
                .satisfies(review -> assertThat(review.reason().length()).isLessThan(1000));
    }
}
