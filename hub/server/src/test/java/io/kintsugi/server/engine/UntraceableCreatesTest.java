package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Outbox;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Creates without a reply that carry no key, and nothing by which a record can be found. */
class UntraceableCreatesTest {
    private static final Map<String, Object> ANNA = Map.of("first", "Anna", "last", "Kowalski", "city", "Bergen");
    private final HubUnderTest hub = hub();
    private final List<WriteOp> sent = new ArrayList<>();

    private static HubUnderTest hub() {
        var store = new MemoryHubStore();
        store.runWorkTwice(true);
        return new HubUnderTest(store, true, "crm", "erp");
    }

    @BeforeEach
    void aCreateWithoutAReply() {
        var model = hub.model.get();
        var systems =
                model.systems().stream().map(UntraceableCreatesTest::keyless).toList();
        hub.model.publish(new HubModel(model.entityTypes(), model.matching(), model.authority(), systems));
        hub.system("erp").fault = op -> {
            sent.add(op);
            return new WriteResult.Ambiguous(op.opId(), "no reply within the deadline");
        };
        hub.system("crm").edit("1", ANNA);
        waitAndSettle();
        assertThat(create().state()).isEqualTo(OutboundState.PARKED);
        assertThat(sent).hasSize(1);
    }

    private static SystemConfig keyless(SystemConfig config) {
        var streams = config.streams().stream()
                .map(s -> new StreamMapping(s.stream(), s.entityType(), s.fields(), true, s.provision(), null))
                .toList();
        return new SystemConfig(
                config.id(), config.label(), config.connector(), config.settings(), config.pollEvery(), streams);
    }

    private void waitAndSettle() {
        for (int i = 0; i < 10; i++) {
            hub.clock.advance(Duration.ofMinutes(6));
            hub.settle();
        }
    }

    private OutboundChange create() {
        var all = hub.store.read(tx -> tx.outbox().list("erp", null, null, 100)).items();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    @Test
    @DisplayName("SYN-2: a create of which nobody knows what became is not sent again because of an edit")
    void anEditSendsItNotAgain() {
        hub.system("crm").edit("1", Map.of("city", "Oslo"));
        hub.restart();
        waitAndSettle();
        assertThat(sent).hasSize(1);
        assertThat(create().state()).isEqualTo(OutboundState.PARKED);
        assertThat(create().problem()).contains("look for it in erp, then retry");
    }

    @Test
    @DisplayName("SYN-2: a person who has looked sends it again by a retry, and then edits are edits again")
    void aRetrySendsItAgain() {
        hub.system("crm").edit("1", Map.of("city", "Oslo"));
        hub.settle();
        hub.system("erp").fault = op -> null;
        hub.dispatcher.retry(create().key());
        waitAndSettle();
        assertThat(hub.system("erp").records().values()).singleElement().satisfies(record -> assertThat(record.fields())
                .containsEntry("city", "Oslo"));
        assertThat(create().state()).isEqualTo(OutboundState.SETTLED);
    }

    @Test
    @DisplayName("SYN-2: a create whose record has turned up is over, and nothing holds up a later one")
    void aRecordThatTurnsUpEndsIt() {
        hub.system("erp").edit("made", ANNA);
        hub.settle();
        var mark = new Outbox.Marker(create().goldenId(), "erp", "contact", null, hub.clock.instant());
        hub.store.write(tx -> {
            tx.outbox().mark(List.of(mark));
            return null;
        });
        hub.settle();
        assertThat(sent).hasSize(1);
        assertThat(create().state()).isEqualTo(OutboundState.SETTLED);
        assertThat(create().intent().unknown()).isFalse();
    }
}
