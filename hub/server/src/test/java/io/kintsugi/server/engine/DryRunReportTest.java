package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.DryChange.Kind;
import io.kintsugi.server.engine.DryReport.Guard;
import io.kintsugi.server.engine.DryRun.Change;
import io.kintsugi.server.engine.DryRun.Stage;
import io.kintsugi.server.engine.DryRun.Watch;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DryRunReportTest extends DryRunScenes {
    @Test
    @DisplayName("SYN-11: what is under way anyway is counted and not told as the doing of the change")
    void whatGoesOutAnyway() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "erp", "web");
        anna(hub, "crm", "Oslo");
        hub.takeIn();
        var report = dry(hub, Change.reading(Set.of(), hub.model.get()));
        assertThat(report.underWay()).isEqualTo(2);
        assertThat(report.changes()).isEmpty();
    }

    @Test
    @DisplayName(
            "SYN-11: a first reading tells what it would link, what nobody else holds, twins in it, and rows without a key")
    void theProfileOfAReading() {
        var hub = new HubUnderTest(new MemoryHubStore(), false, "crm", "web");
        anna(hub, "crm", "Oslo");
        var web = hub.systems.remove("web");
        hub.settle();
        hub.systems.put("web", web);
        anna(hub, "web", "Oslo");
        hub.system("web")
                .edit("2", Map.of("first", "Bo", "last", "Ek", "email", "bo@acme.example", "born", "1970-01-02"));
        hub.system("web")
                .edit("3", Map.of("first", "Bo", "last", "Ek", "email", "bo@acme.example", "born", "1970-01-02"));
        hub.system("web").edit("4", Map.of("city", "Alta"));
        var report = dry(hub, Change.reading(Set.of("web"), hub.model.get()));
        assertThat(report.streams())
                .containsExactly(new DryReport.Stream("web", "people", "contact", 4, 0, 1, 1, 1, 2));
        assertThat(report.warnings())
                .extracting(DryReport.Warning::guard)
                .containsExactly(Guard.BLANK_KEYS, Guard.TWINS);
        assertThat(report.goldens()).isEqualTo(new DryReport.Goldens(1, 0, 0));
    }

    @Test
    @DisplayName("SYN-11: a system that does not answer is named, and the rest is told")
    void aSystemThatIsDown() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "web");
        anna(hub, "crm", "Oslo");
        hub.settle();
        hub.system("web").down = true;
        var report = dry(hub, Change.reading(Set.of("web"), hub.model.get()));
        assertThat(report.warnings()).extracting(DryReport.Warning::guard).contains(Guard.NOT_READ);
        assertThat(report.changes()).isEmpty();
    }

    @Test
    @DisplayName("SYN-11: more creates than a tenth of a system warn")
    void manyCreates() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "web");
        anna(hub, "crm", "Oslo");
        var web = hub.systems.remove("web");
        hub.settle();
        hub.systems.put("web", web);
        for (int i = 0; i < 600; i++) {
            hub.system("web")
                    .edit(
                            "w" + i,
                            Map.of(
                                    "first",
                                    "P" + i,
                                    "last",
                                    "Q" + i,
                                    "email",
                                    "p" + i + "@x.example",
                                    "born",
                                    "1980-01-02"));
        }
        var report = dry(hub, Change.reading(Set.of("web"), hub.model.get()));
        assertThat(report.systems().get("crm")).containsEntry(Kind.CREATE, 600L);
        assertThat(report.warnings()).extracting(DryReport.Warning::guard).containsExactly(Guard.MANY_CREATES);
    }

    @Test
    @DisplayName("SYN-11: a hub that does not fit into memory is refused, and says how much it needs")
    void aHubThatIsTooBig() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "web");
        anna(hub, "crm", "Oslo");
        hub.settle();
        var small = new DryRun(hub.store, hub.model, hub.clock, reach(hub), 1);
        assertThatThrownBy(() -> small.run(Change.reading(Set.of(), hub.model.get()), NOBODY))
                .hasMessageContaining("2 records does not fit into memory");
    }

    @Test
    @DisplayName("SYN-11: a dry run that creates more than fits into memory ends before it harms the hub")
    void moreCreatesThanFit() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "web");
        var web = hub.systems.remove("web");
        hub.settle();
        hub.systems.put("web", web);
        anna(hub, "web", "Oslo");
        var small = new DryRun(hub.store, hub.model, hub.clock, reach(hub), 1);
        assertThatThrownBy(() -> small.run(Change.reading(Set.of("web"), hub.model.get()), NOBODY))
                .hasMessageContaining("2 records does not fit into memory");
    }

    @Test
    @DisplayName("SYN-11: a dry run ends when it is cancelled")
    void cancelled() {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "web");
        anna(hub, "crm", "Oslo");
        hub.settle();
        var impatient = new Watch() {
            @Override
            public void at(Stage stage, long done, long total) {
                // looks on
            }

            @Override
            public void still() {
                throw new CancellationException();
            }
        };
        assertThatThrownBy(() -> new DryRun(hub.store, hub.model, hub.clock, reach(hub), 100)
                        .run(Change.reading(Set.of(), hub.model.get()), impatient))
                .isInstanceOf(CancellationException.class);
    }
}
