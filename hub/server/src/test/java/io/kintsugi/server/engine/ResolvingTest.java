package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.resolution.Resolving;
import java.util.Collection;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResolvingTest {
    private static final RecordKey POISON = RecordKey.parse("crm:contact:p137");
    private static final int PEOPLE = 300;
    private HubErrorCode fault = HubErrorCode.INTERNAL;
    private boolean faulty = true;
    private final HubUnderTest hub = new HubUnderTest(
            new WatchedStore(new MemoryHubStore(), (call, arguments) -> {
                if (faulty && call.equals("records.hold") && ((Collection<?>) arguments[0]).contains(POISON)) {
                    throw new HubException(fault, "the graph refused a query of the hub");
                }
            }),
            false,
            "crm");

    private void people() {
        faulty = false; // it can be stored, it cannot be resolved
        for (int i = 0; i < PEOPLE; i++) {
            hub.system("crm").edit("p" + i, Map.of("first", "A" + i, "last", "B" + i, "email", i + "@x.example"));
        }
        hub.read("crm");
        faulty = true;
    }

    @ParameterizedTest
    @EnumSource(names = {"INTERNAL", "NOT_FOUND"})
    @DisplayName("SYN-7: a record that cannot be resolved is set aside and named, and all others are resolved")
    void aPoisonRecordIsSetAside(HubErrorCode what) {
        fault = what;
        people();
        var resolving = new Resolving(hub.store, hub.resolver, hub.clock);
        int steps = 0;
        while (resolving.step()) assertThat(++steps).isLessThan(50);
        assertThat(hub.clusters()).hasSize(PEOPLE - 1);
        assertThat(hub.golden(POISON.toString())).isNull();
        assertThat(hub.resolver.resolvePending(1)).isZero();
        var open = hub.store.read(tx ->
                tx.reviews().list(new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "openedAt"), null, 10));
        assertThat(open.items()).singleElement().satisfies(review -> {
            assertThat(review.records()).containsExactly(POISON);
            assertThat(review.reason()).contains(POISON.toString());
        });
        // mended, and changed once more
        faulty = false;
        hub.system("crm").edit("p137", Map.of("city", "Oslo"));
        hub.settle();
        assertThat(hub.values(POISON.toString())).containsEntry("city", "Oslo");
        var questions = hub.store.read(tx -> tx.reviews().openCounts());
        assertThat(questions).as("nobody has to look at it any more").isEmpty();
    }

    @Test
    @DisplayName("SYN-7: a store that does not answer sets nothing aside")
    void aStoreThatIsAwayIsNoPoison() {
        fault = HubErrorCode.UNAVAILABLE;
        people();
        var resolving = new Resolving(hub.store, hub.resolver, hub.clock);
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(resolving::step).isInstanceOf(HubException.class);
        }
        faulty = false;
        while (resolving.step()) {
            // until nothing waits
        }
        assertThat(hub.clusters()).hasSize(PEOPLE);
    }
}
