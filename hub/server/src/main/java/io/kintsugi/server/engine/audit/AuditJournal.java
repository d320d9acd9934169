package io.kintsugi.server.engine.audit;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.core.type.TypeReference;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.audit.AuditReport.Finding;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.LastRuns;
import io.kintsugi.server.engine.shared.StoredJson;
import io.kintsugi.server.engine.shared.StoredParts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where audits keep what they found, beside their runs: a report, and the findings in parts. Of each system the findings of the last
 * audits are kept, because they hold values of customers. Stateless.
 */
public final class AuditJournal {
    private static final StoredParts<Finding> FINDINGS =
            new StoredParts<>("audit-findings", new TypeReference<List<Finding>>() {});
    private static final LastRuns AUDITS = new LastRuns("audits", 10);
    private static final String REPORTS = "audit-report"; // takes the place of a system in the checkpoint

    private AuditJournal() {}

    /** Report of an audit; empty if the run is none, or has not begun to compare. */
    public static Optional<AuditReport> report(HubTransaction tx, String runId) {
        return tx.journal().checkpoint(REPORTS, runId).map(text -> StoredJson.read(text, AuditReport.class, "report"));
    }

    /** Findings of an audit in the order they were made; empty if there are none, or they were dropped for those of later audits. */
    public static List<Finding> findings(HubTransaction tx, String runId) {
        var all = new ArrayList<Finding>();
        for (int part = 0; ; part++) {
            var items = FINDINGS.find(tx, runId, part);
            if (items.isEmpty()) return all;
            all.addAll(items.get());
        }
    }

    /** @param part from 0 on, each once */
    static void saveFindings(HubTransaction tx, String runId, int part, List<Finding> findings, Instant now) {
        FINDINGS.save(tx, runId, part, findings, now);
    }

    static void saveReport(HubTransaction tx, String runId, AuditReport report, Instant now) {
        tx.journal().saveCheckpoint(REPORTS, runId, StoredJson.write(report), now);
    }

    /** An audit of a system begins: findings that are too many audits old are dropped. */
    static void begin(HubTransaction tx, String system, String runId, Instant now) {
        var audits = new ArrayList<>(audits(tx, system));
        audits.add(runId);
        for (var old : AUDITS.save(tx, system, audits, now)) FINDINGS.drop(tx, old, 0, now);
    }

    /** Ids of the last audits of a system, the last one last. */
    public static List<String> audits(HubTransaction tx, String system) {
        return AUDITS.find(tx, system).orElse(List.of());
    }

    /** Takes what was found about some records out of the findings of all audits. */
    public static void forget(HubTransaction tx, HubModel model, Collection<RecordKey> records, Instant now) {
        var gone = records.stream().map(RecordKey::toString).collect(toSet());
        for (var system : model.systems()) {
            for (var run : audits(tx, system.id())) {
                FINDINGS.forget(tx, run, finding -> gone.contains(finding.record()), now);
            }
        }
    }
}
