package io.kintsugi.server.engine.audit;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.core.type.TypeReference;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.audit.AuditReport.Finding;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.StoredJson;
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
    static final int PART = 100;
    private static final int KEPT = 10;
    // these take the place of a system in the checkpoint
    private static final String REPORTS = "audit-report";
    private static final String FINDINGS = "audit-findings";
    private static final String AUDITS = "audits";
    private static final String NONE = "[]";

    private AuditJournal() {}

    /** Report of an audit; empty if the run is none, or has not begun to compare. */
    public static Optional<AuditReport> report(HubTransaction tx, String runId) {
        return tx.journal().checkpoint(REPORTS, runId).map(text -> read(text, new TypeReference<>() {}));
    }

    /** Findings of an audit in the order they were made; empty if there are none, or they were dropped for those of later audits. */
    public static List<Finding> findings(HubTransaction tx, String runId) {
        var all = new ArrayList<Finding>();
        for (int part = 0; ; part++) {
            var text = tx.journal().checkpoint(FINDINGS, part(runId, part));
            if (text.isEmpty()) return all;
            all.addAll(read(text.get(), new TypeReference<List<Finding>>() {}));
        }
    }

    /** @param part from 0 on, each once */
    static void saveFindings(HubTransaction tx, String runId, int part, List<Finding> findings, Instant now) {
        tx.journal().saveCheckpoint(FINDINGS, part(runId, part), StoredJson.write(findings), now);
    }

    static void saveReport(HubTransaction tx, String runId, AuditReport report, Instant now) {
        tx.journal().saveCheckpoint(REPORTS, runId, StoredJson.write(report), now);
    }

    /** An audit of a system begins: findings that are too many audits old are dropped. */
    static void begin(HubTransaction tx, String system, String runId, Instant now) {
        var audits = new ArrayList<>(audits(tx, system));
        audits.add(runId);
        while (audits.size() > KEPT) drop(tx, audits.remove(0), now);
        tx.journal().saveCheckpoint(AUDITS, system, StoredJson.write(audits), now);
    }

    /** Ids of the last audits of a system, the last one last. */
    public static List<String> audits(HubTransaction tx, String system) {
        return tx.journal()
                .checkpoint(AUDITS, system)
                .map(text -> read(text, new TypeReference<List<String>>() {}))
                .orElse(List.of());
    }

    /** Takes what was found about some records out of the findings of all audits. */
    public static void forget(HubTransaction tx, HubModel model, Collection<RecordKey> records, Instant now) {
        var gone = records.stream().map(RecordKey::toString).collect(toSet());
        for (var system : model.systems()) {
            for (var run : audits(tx, system.id())) {
                for (int part = 0; ; part++) {
                    var text = tx.journal().checkpoint(FINDINGS, part(run, part));
                    if (text.isEmpty()) break;
                    var findings = read(text.get(), new TypeReference<List<Finding>>() {});
                    var kept = findings.stream()
                            .filter(finding -> !gone.contains(finding.record()))
                            .toList();
                    if (kept.size() < findings.size()) saveFindings(tx, run, part, kept, now);
                }
            }
        }
    }

    private static void drop(HubTransaction tx, String runId, Instant now) {
        for (int part = 0; tx.journal().checkpoint(FINDINGS, part(runId, part)).isPresent(); part++) {
            tx.journal().saveCheckpoint(FINDINGS, part(runId, part), NONE, now);
        }
    }

    private static String part(String runId, int part) {
        return runId + "/" + part;
    }

    private static <T> T read(String json, TypeReference<T> type) {
        return StoredJson.read(json, type, "report");
    }
}
