package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.outbound.Turns;
import io.kintsugi.server.engine.shared.OutboxMarks;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whose turn it is in a system that takes twenty writes a minute. */
abstract class TurnsContract {
    private static final int QUOTA = 20;
    private HubUnderTest hub;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    /** How many records a backlog has. */
    protected abstract int backlog();

    @BeforeEach
    void twoSystems() {
        hub = new HubUnderTest(emptyStore(), true, "crm", "erp");
        hub.system("erp").maxBatch = QUOTA;
        hub.system("erp").beforeReply = () -> hub.clock.advance(Duration.ofMinutes(1)); // the gate lets no more through
    }

    private void person(int number) {
        var name = "p" + number;
        hub.system("crm")
                .edit(
                        name,
                        Map.of(
                                "first",
                                "Ann",
                                "last",
                                "Of" + number,
                                "email",
                                name + "@example.com",
                                "city",
                                "Bergen"));
    }

    /** People who were entered long before the hub reads them. */
    private void backlog(int from, int to) {
        for (int number = from; number < to; number++) person(number);
        hub.clock.advance(OutboxMarks.FRESH.plusHours(1));
        hub.takeIn();
    }

    private int sendOnce() {
        try {
            return hub.sendOnce("erp");
        } catch (ConnectorException e) {
            throw new AssertionError(e);
        }
    }

    private Map<Cause, Long> waiting() {
        return hub.store.read(tx -> tx.outbox().waiting("erp"));
    }

    private String cityOf(String first) {
        return hub.system("erp").records().values().stream()
                .filter(record -> first.equals(record.fields().get("first")))
                .map(record -> String.valueOf(record.fields().get("city")))
                .findFirst()
                .orElse("none");
    }

    @Test
    @DisplayName("SYN-9: an edit is written within the next batch, however many records of a first load wait")
    void anEditIsNotStuckBehindABacklog() {
        person(0);
        hub.system("crm").edit("p0", Map.of("first", "Zoe"));
        hub.settle();
        assertThat(cityOf("Zoe")).isEqualTo("Bergen");
        backlog(1, backlog());
        assertThat(waiting()).isEqualTo(Map.of(Cause.BACKLOG, backlog() - 1L));
        hub.system("crm").edit("p0", Map.of("city", "Oslo"));
        hub.takeIn();
        assertThat(waiting()).containsEntry(Cause.EDIT, 1L);
        var before = hub.clock.instant();
        sendOnce();
        assertThat(cityOf("Zoe")).isEqualTo("Oslo");
        assertThat(Duration.between(before, hub.clock.instant())).isLessThanOrEqualTo(Duration.ofMinutes(2));
        assertThat(waiting().get(Cause.BACKLOG))
                .as("and the backlog gets the rest")
                .isLessThan(backlog() - 1L);
    }

    @Test
    @DisplayName("SYN-9: a backlog goes on with a fifth of what is sent while edits never end")
    void nothingStarves() {
        for (int number = 0; number < 3 * QUOTA; number++) person(number);
        hub.settle();
        backlog(1000, 1000 + 2 * QUOTA);
        for (int round = 1; round <= 5; round++) {
            for (int number = 0; number < 3 * QUOTA; number++) {
                hub.system("crm").edit("p" + number, Map.of("city", "Town " + round));
            }
            hub.takeIn();
            sendOnce();
        }
        hub.takeIn();
        assertThat(waiting().get(Cause.BACKLOG)).isLessThanOrEqualTo(2L * QUOTA - 5 * QUOTA / Turns.SHARE);
        assertThat(waiting().get(Cause.EDIT)).isPositive();
    }

    @Test
    @DisplayName("SYN-9: what a steward decided goes before what systems told")
    void aDecisionGoesFirst() {
        for (int number = 0; number < 3 * QUOTA; number++) person(number);
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        for (int number = 1; number < 3 * QUOTA; number++) {
            hub.system("crm").edit("p" + number, Map.of("city", "Oslo"));
        }
        hub.takeIn();
        var ann = hub.golden("crm:contact:p0");
        hub.stewardship.giveValue(ann.id(), ann.revision(), "city", "Lillehammer", null, null, null, "ada");
        assertThat(waiting()).containsEntry(Cause.DECISION, 1L);
        sendOnce();
        assertThat(waiting()).doesNotContainKey(Cause.DECISION).containsKey(Cause.EDIT);
    }
}
