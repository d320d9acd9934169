package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.store.HubStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Things with the same identifying value that are to be created in one system at the same time (R7). */
abstract class SameKeyContract {
    private static final String EMAIL = "home@lindqvist.example";
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Lindqvist", "email", EMAIL, "born", "1980-03-04");
    private static final Map<String, Object> BORIS =
            Map.of("first", "Boris", "last", "Moreau", "email", EMAIL, "born", "1991-11-21");
    private HubUnderTest hub;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void twoSystems() {
        hub = new HubUnderTest(emptyStore(), true, "crm", "erp");
    }

    private List<OutboundChange> creates() {
        return hub.store.read(tx -> tx.outbox().list("erp", null, null, 100)).items().stream()
                .filter(change -> change.key().startsWith("golden|"))
                .toList();
    }

    private List<WriteOp> created() {
        return hub.system("erp").effects.stream()
                .filter(op -> op instanceof WriteOp.Create)
                .toList();
    }

    /** One sending, as the loop of the system does it. */
    private void sendOnce() {
        try {
            hub.sendOnce("erp");
        } catch (ConnectorException e) {
            throw new AssertionError(e);
        }
    }

    private long open() {
        return creates().stream().filter(OutboundChange::open).count();
    }

    @Test
    @DisplayName(
            "SYN-2: of two people with one address only one is being created at a time, also over a lost reply and a restart")
    void oneAtATime() {
        hub.system("crm").edit("1", ANNA);
        hub.system("crm").edit("2", BORIS);
        hub.takeIn();
        assertThat(hub.clusters()).hasSize(2);
        hub.system("erp").loseReplies = true;
        sendOnce();
        assertThat(created()).hasSize(1);
        assertThat(open()).isEqualTo(1);
        hub.restart();
        for (int i = 0; i < 3; i++) {
            hub.clock.advance(Duration.ofSeconds(6));
            sendOnce();
            assertThat(created()).hasSize(1);
        }
        assertThat(creates().stream().filter(change -> change.state() == OutboundState.DUE))
                .singleElement()
                .satisfies(waits -> assertThat(waits.problem()).contains("has the same email"));
        hub.system("erp").loseReplies = false;
        for (int i = 0; i < 10; i++) {
            hub.clock.advance(Duration.ofMinutes(1));
            hub.settle();
        }
        assertThat(hub.system("erp").records()).hasSize(2);
        assertThat(created()).hasSize(2);
        assertThat(creates()).allMatch(change -> change.state() == OutboundState.SETTLED);
    }

    @Test
    @DisplayName(
            "SYN-2: a record that somebody entered since the system was read is joined, never created a second time")
    void aPersonWasFaster() {
        hub.system("crm").edit("1", ANNA);
        hub.takeIn();
        var same = new HashMap<>(ANNA);
        same.put("city", "Bergen");
        hub.system("erp").edit("77", same);
        sendOnce();
        assertThat(created()).isEmpty();
        for (int i = 0; i < 5; i++) {
            hub.clock.advance(Duration.ofMinutes(1));
            hub.settle();
        }
        assertThat(hub.system("erp").records()).containsOnlyKeys("77");
        assertThat(hub.golden("crm:contact:1").id())
                .isEqualTo(hub.golden("erp:contact:77").id());
        assertThat(creates()).allMatch(change -> change.state() == OutboundState.SETTLED);
    }

    @Test
    @DisplayName("SYN-2: nothing is created in a system that has not said yet by what a record is found")
    void itHasNotSaidWhatItCanDo() {
        hub.system("crm").edit("1", ANNA);
        hub.takeIn();
        hub.system("erp").edit("77", ANNA);
        hub.system("erp").undescribed = true;
        sendOnce();
        assertThat(created()).isEmpty();
        assertThat(creates()).hasSize(1).allMatch(change -> change.problem().contains("erp says what it can do"));
        hub.system("erp").undescribed = false;
        hub.clock.advance(Duration.ofMinutes(1));
        hub.settle();
        assertThat(hub.system("erp").records()).containsOnlyKeys("77");
        assertThat(hub.golden("crm:contact:1").id())
                .isEqualTo(hub.golden("erp:contact:77").id());
    }

    @Test
    @DisplayName(
            "SYN-2: a record that may be the one to create makes a question, and nothing is created before it is answered")
    void aPersonEnteredSomebodyLikeIt() {
        hub.system("crm").edit("1", ANNA);
        hub.takeIn();
        hub.system("erp").edit("77", Map.of("first", "A.", "last", "Lindquist", "email", EMAIL));
        sendOnce();
        assertThat(created()).isEmpty();
        for (int i = 0; i < 5; i++) {
            hub.clock.advance(Duration.ofMinutes(1));
            hub.settle();
        }
        var joined = hub.golden("crm:contact:1")
                .id()
                .equals(hub.golden("erp:contact:77").id());
        boolean held = creates().stream().anyMatch(change -> change.state() == OutboundState.HELD);
        assertThat(joined || held).isTrue();
        assertThat(created()).isEmpty();
    }

    @Test
    @DisplayName("SYN-7: a record in the way that the hub cannot take in parks the one create, and says so")
    void whatCannotBeTakenInParks() {
        hub.system("crm").edit("1", ANNA);
        hub.takeIn();
        hub.system("erp").edit("77", ANNA);
        hub.system("erp").hidden.add("77");
        for (int i = 0; i < 40; i++) {
            hub.clock.advance(Duration.ofMinutes(6));
            sendOnce();
        }
        assertThat(created()).isEmpty();
        assertThat(creates()).singleElement().satisfies(change -> {
            assertThat(change.state()).isEqualTo(OutboundState.PARKED);
            assertThat(change.problem()).contains("erp has a record with the same email", "77");
        });
    }

    @ParameterizedTest(name = "told by the feed: {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "DEL-5: what a system has named as created is not created again, though it was gone before it was read")
    void goneBeforeItWasRead(boolean told) {
        var erp = hub.system("erp");
        hub.system("crm").edit("1", ANNA);
        hub.takeIn();
        erp.repliesWithRecord = false;
        erp.hidden.add("erp-new-1");
        sendOnce();
        assertThat(creates()).singleElement().satisfies(change -> {
            assertThat(change.open()).isTrue();
            assertThat(change.intent().made()).isEqualTo("erp-new-1");
        });
        erp.hidden.clear();
        if (told) erp.delete("erp-new-1");
        else erp.forget("erp-new-1");
        for (int i = 0; i < 10; i++) {
            hub.clock.advance(Duration.ofMinutes(1));
            hub.settle();
        }
        assertThat(created()).hasSize(1);
        assertThat(erp.records()).isEmpty();
        var gone = RecordKey.parse("erp:contact:erp-new-1");
        var record = hub.store.read(tx -> tx.records().find(List.of(gone)).get(gone));
        assertThat(record.state()).isEqualTo(RecordState.DELETED);
        assertThat(hub.golden(gone.toString()).id())
                .isEqualTo(hub.golden("crm:contact:1").id());
        assertThat(creates()).allMatch(change -> change.state() == OutboundState.SETTLED);
    }

    @Test
    @DisplayName(
            "SYN-7, DEL-6: a record in the way that was severed parks the create at once, and says what to do; then it goes on")
    void whatWasSeveredIsInTheWay() {
        hub.system("erp").edit("77", BORIS);
        hub.takeIn();
        var severed = new RecordKey("erp", "contact", "77");
        hub.store.write(tx -> {
            var record = tx.records().find(List.of(severed)).get(severed);
            tx.records().save(List.of(record.withState(RecordState.SEVERED)));
            return true;
        });
        hub.system("erp").fault = op -> op instanceof WriteOp.Create
                        && hub.system("erp").records().containsKey("77")
                ? new WriteResult.Rejected(
                        op.opId(),
                        new RecordError(
                                RecordError.Code.DUPLICATE, "email", "taken", "email is taken", List.of("77"), false))
                : null;
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        assertThat(created()).isEmpty();
        var create = creates().stream()
                .filter(change -> change.state() == OutboundState.PARKED)
                .findFirst()
                .orElseThrow();
        assertThat(create.attempts()).isEqualTo(1);
        assertThat(create.problem()).startsWith("77 is in the way, and was taken out of its golden record");
        hub.system("erp").delete("77");
        hub.dispatcher.retry(create.key());
        hub.settle();
        assertThat(created()).hasSize(1);
    }
}
