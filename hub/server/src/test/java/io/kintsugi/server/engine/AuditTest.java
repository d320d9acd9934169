package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.core.sync.Drift.Disposition;
import io.kintsugi.server.engine.audit.AuditJournal;
import io.kintsugi.server.engine.audit.AuditReport;
import io.kintsugi.server.engine.audit.AuditReport.Finding;
import io.kintsugi.server.engine.audit.Findings;
import io.kintsugi.server.engine.outbound.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The drift audit: what systems hold, what the hub believes, what goldens say. */
class AuditTest {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "city", "Oslo");
    private final HubUnderTest hub = new HubUnderTest(
            new MemoryHubStore(), false, new Rule(Strategy.SYSTEM_RANK, List.of("crm", "erp")), "crm", "erp");

    @AfterEach
    void everyRowIsCountedOnce() {
        for (var name : hub.systems.keySet()) {
            for (var id : audits(name)) {
                var run = hub.store.read(tx -> tx.journal().run(id)).orElseThrow();
                var counts = new HashMap<>(run.counts());
                assertThat(counts.remove("rows"))
                        .as(run.toString())
                        .isEqualTo(counts.values().stream().mapToLong(n -> n).sum());
            }
        }
    }

    private void annaInBoth() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("7", ANNA);
        hub.settle();
        hub.system("crm").effects.clear();
        hub.system("erp").effects.clear();
    }

    private List<Finding> findings(Run run) {
        return hub.store.read(tx -> AuditJournal.findings(tx, run.id()));
    }

    private List<String> audits(String system) {
        return hub.store.read(tx -> AuditJournal.audits(tx, system));
    }

    private AuditReport report(Run run) {
        return hub.store.read(tx -> AuditJournal.report(tx, run.id())).orElseThrow();
    }

    /** Changes a record so that no log tells it. */
    private void quietly(String system, String id, String field, Object value) {
        var records = hub.system(system).records();
        var before = records.get(id);
        var fields = new HashMap<String, Object>(before == null ? ANNA : before.fields());
        fields.put(field, value);
        records.put(
                id,
                new NativeRecord(
                        new RecordId(SimulatedSystem.STREAM, id), fields, hub.clock.instant(), "99", "person"));
    }

    @Test
    @DisplayName("SYN-10: where everything is in step the audit says so, and writes nothing")
    void inStep() {
        annaInBoth();
        var run = hub.audit("erp", true);
        assertThat(run.state()).isEqualTo(RunState.DONE);
        assertThat(run.counts()).containsEntry("rows", 1L).containsEntry("agrees", 1L);
        assertThat(findings(run)).isEmpty();
        var stream = report(run).streams().get(0);
        assertThat(AuditReport.inStep(stream.attributes().get("city"))).isEqualTo(1.0);
        assertThat(hub.settle().system("erp").effects).isEmpty();
    }

    @Test
    @DisplayName("SYN-10: a change that was not told is listed with both values, and heal takes it in")
    void whatWasMissedIsFoundAndHealed() {
        annaInBoth();
        quietly("crm", "1", "city", "Bergen");
        var run = hub.audit("crm", false);
        assertThat(findings(run)).singleElement().satisfies(finding -> {
            assertThat(finding.record()).isEqualTo("crm:contact:1");
            assertThat(finding.attribute()).isEqualTo("city");
            assertThat(finding.disposition()).isEqualTo(Disposition.MISSED);
            assertThat(finding.there()).isEqualTo("Bergen");
            assertThat(finding.believed()).isEqualTo("Oslo");
            assertThat(finding.should()).isEqualTo("Oslo");
            assertThat(finding.healed()).isFalse();
        });
        assertThat(hub.settle().values("crm:contact:1")).containsEntry("city", "Oslo");

        assertThat(findings(hub.audit("crm", true))).singleElement().matches(Finding::healed);
        assertThat(hub.settle().values("crm:contact:1")).containsEntry("city", "Bergen");
        assertThat(hub.system("erp").value("7", "city")).isEqualTo("Bergen");
        assertThat(findings(hub.audit("crm", false))).isEmpty();
    }

    @Test
    @DisplayName("SYN-10: what changes while the audit reads is not drift")
    void whatChangesMeanwhileIsNotDrift() {
        annaInBoth();
        var run = hub.auditing("crm").begin(false, "audit-1");
        hub.system("crm").edit("1", Map.of("city", "Bergen"));
        hub.stepAudit("crm"); // reads the page before the poll that tells the edit
        for (int i = 0; i < 10; i++) hub.stepAudit("crm");
        var after = hub.store.read(tx -> tx.journal().run(run.id())).orElseThrow();
        assertThat(after.state()).isEqualTo(RunState.DONE);
        assertThat(after.counts()).doesNotContainKey("missed");
        assertThat(findings(after)).extracting(Finding::disposition).doesNotContain(Disposition.MISSED);
    }

    @Test
    @DisplayName(
            "SYN-10: a write that waits, one that is parked and one that was forgotten are told apart; heal sends the forgotten one")
    void waitingParkedAndForgotten() {
        annaInBoth();
        hub.system("crm").edit("1", Map.of("city", "Bergen"));
        hub.takeIn();
        assertThat(hub.audit("erp", false).counts()).containsEntry("waiting", 1L);

        outbox(OutboundState.PARKED);
        var parked = findings(hub.audit("erp", false));
        assertThat(parked).singleElement().satisfies(finding -> {
            assertThat(finding.disposition()).isEqualTo(Disposition.HELD);
            assertThat(finding.reason()).contains("the disk is full");
            assertThat(finding.there()).isEqualTo("Oslo");
            assertThat(finding.should()).isEqualTo("Bergen");
        });

        outbox(OutboundState.SETTLED);
        assertThat(hub.audit("erp", false).counts()).containsEntry("outOfStep", 1L);
        assertThat(hub.settle().system("erp").effects).isEmpty();
        assertThat(findings(hub.audit("erp", true))).singleElement().matches(Finding::healed);
        assertThat(hub.settle().system("erp").value("7", "city")).isEqualTo("Bergen");
    }

    @Test
    @DisplayName("SYN-10, DEL-1: a record that was taken out of its golden record is left as it is")
    void whatWasSeveredIsLeft() {
        annaInBoth();
        hub.system("crm").edit("1", Map.of("city", "Bergen"));
        hub.takeIn();
        var erp = RecordKey.parse("erp:contact:7");
        hub.store.write(tx -> {
            var record = tx.records().lock(new TreeSet<>(List.of(erp))).get(erp);
            tx.records().save(List.of(record.withState(RecordState.SEVERED)));
            return null;
        });
        var run = hub.audit("erp", true);
        assertThat(run.counts()).containsEntry("left", 1L).containsEntry("rows", 1L);
        assertThat(findings(run)).isEmpty();
    }

    private void outbox(OutboundState state) {
        hub.store.write(tx -> {
            var key = OutboundChange.updateKey(RecordKey.parse("erp:contact:7"));
            var change = tx.outbox().lock(new TreeSet<>(List.of(key))).get(key);
            var problem = state == OutboundState.PARKED ? "the disk is full" : null;
            tx.outbox().save(List.of(Outcome.change(change, state, problem, change.dueAt(), 0, hub.clock.instant())));
            return null;
        });
    }

    @Test
    @DisplayName("SYN-10: records that went or came untold are found; heal takes them in")
    void goneAndUnknown() {
        annaInBoth();
        hub.system("erp").records().remove("7");
        quietly("erp", "8", "email", "boris@acme.example");
        var run = hub.audit("erp", false);
        assertThat(run.counts())
                .containsEntry("gone", 1L)
                .containsEntry("unknown", 1L)
                .containsEntry("rows", 2L);
        assertThat(findings(run))
                .extracting(Finding::record)
                .containsExactlyInAnyOrder("erp:contact:7", "erp:contact:8");
        hub.audit("erp", true);
        hub.settle();
        assertThat(hub.golden("erp:contact:8")).isNotNull();
        assertThat(hub.audit("erp", false).counts()).containsEntry("agrees", 1L).containsEntry("rows", 1L);
    }

    @Test
    @DisplayName("SYN-10: what a look-up does not show is not taken for gone")
    void whatIsHiddenIsNotGone() {
        annaInBoth();
        hub.system("erp").records().remove("7");
        hub.system("erp").hidden.add("7");
        var run = hub.audit("erp", true);
        assertThat(run.counts()).containsEntry("unreadable", 1L).doesNotContainKey("gone");
        assertThat(hub.golden("erp:contact:7").value("city")).isEqualTo("Oslo");
        var erp = RecordKey.parse("erp:contact:7");
        var known = hub.store.read(tx -> tx.records().find(List.of(erp)).get(erp));
        assertThat(known.state()).isEqualTo(RecordState.LIVE);
    }

    @Test
    @DisplayName(
            "SYN-10: many pages are compared, everything is counted, and the list of findings has an end that is told")
    void manyPages() {
        for (int i = 0; i < 2600; i++) {
            hub.system("crm").edit("c" + i, Map.of("first", "P" + i, "last", "F" + i, "email", i + "@example.com"));
        }
        hub.settle();
        for (int i = 0; i < 2600; i++) quietly("crm", "c" + i, "city", "Bergen");
        var run = hub.audit("crm", false);
        assertThat(run.counts()).containsEntry("rows", 2600L).containsEntry("missed", 2600L);
        assertThat(run.total()).isEqualTo(2600);
        assertThat(findings(run)).hasSize(Findings.MOST);
        assertThat(report(run).unlisted()).isEqualTo(2600 - Findings.MOST);
        var city = report(run).streams().get(0).attributes().get("city");
        assertThat(AuditReport.inStep(city)).isZero();
    }

    @Test
    @DisplayName("SYN-10: one audit of a system at a time; it can be cancelled")
    void oneAtATimeAndCancelled() {
        annaInBoth();
        var auditing = hub.auditing("crm");
        var run = auditing.begin(false, "audit-1");
        assertThatThrownBy(() -> auditing.begin(false, "audit-1"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining(run.id());
        assertThat(auditing.cancel("another")).isFalse();
        assertThat(auditing.cancel(run.id())).isTrue();
        hub.stepAudit("crm");
        var after = hub.store.read(tx -> tx.journal().run(run.id())).orElseThrow();
        assertThat(after.state()).isEqualTo(RunState.CANCELLED);
        assertThat(after.endedAt()).isNotNull();
        assertThat(hub.audit("crm", false).state()).isEqualTo(RunState.DONE);
    }

    @Test
    @DisplayName("SYN-10: an audit waits for a system that does not answer, and goes on")
    void waitsForASystemThatIsAway() {
        annaInBoth();
        quietly("crm", "1", "city", "Bergen");
        var run = hub.auditing("crm").begin(false, "audit-1");
        for (int i = 0; i < 20; i++) {
            hub.system("crm").down = i % 3 > 0;
            hub.stepAudit("crm");
        }
        var after = hub.store.read(tx -> tx.journal().run(run.id())).orElseThrow();
        assertThat(after.state()).isEqualTo(RunState.DONE);
        assertThat(after.counts()).containsEntry("rows", 1L).containsEntry("missed", 1L);
    }

    @Test
    @DisplayName("GOV-7: findings of the last audits are kept, older ones are dropped")
    void findingsAreDropped() {
        annaInBoth();
        quietly("crm", "1", "city", "Bergen");
        var first = hub.audit("crm", false);
        for (int i = 0; i < 9; i++) hub.audit("crm", false);
        assertThat(findings(first)).hasSize(1);
        hub.audit("crm", false);
        assertThat(findings(first)).isEmpty();
        assertThat(report(first).rows()).containsEntry(Disposition.MISSED, 1L);
    }

    @Test
    @DisplayName("SYN-10: a system with a period is audited by itself")
    void auditsByTheClock() {
        annaInBoth();
        var config = hub.model.get().system("crm").orElseThrow();
        var nightly = new SystemConfig(
                "crm",
                "crm",
                "sim",
                Map.of(),
                config.pollEvery(),
                Duration.ofHours(24),
                config.streams(),
                config.merges(),
                config.duplicates());
        hub.audits(nightly);
        hub.stepAudit("crm");
        var first = audits("crm");
        assertThat(first).hasSize(1);
        for (int i = 0; i < 10; i++) hub.stepAudit("crm");
        hub.clock.advance(Duration.ofHours(23));
        hub.stepAudit("crm");
        hub.audits(nightly); // a hub that starts again does not audit at once
        hub.stepAudit("crm");
        assertThat(audits("crm")).isEqualTo(first);
        hub.clock.advance(Duration.ofHours(1));
        hub.stepAudit("crm");
        assertThat(audits("crm")).hasSize(2);
    }
}
