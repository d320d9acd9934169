package io.kintsugi.server.engine.audit;

import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.audit.AuditReport.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Lists what an audit finds, part by part, and only counts what is beyond {@value #MOST}. Not thread-safe. */
public final class Findings {
    public static final int MOST = 2000;
    private final String runId;
    private final List<Finding> unsaved = new ArrayList<>();
    private int parts;
    private long listed;
    private long unlisted;

    Findings(String runId) {
        this.runId = runId;
    }

    void add(Finding finding) {
        if (listed == MOST) {
            unlisted++;
            return;
        }
        listed++;
        unsaved.add(finding);
    }

    long listed() {
        return listed;
    }

    long unlisted() {
        return unlisted;
    }

    /** Stores whole parts; at the end also what is left. */
    void save(HubTransaction tx, boolean end, Instant now) {
        int part = parts;
        for (int from = 0; from < unsaved.size(); from += AuditJournal.PART) {
            int to = Math.min(unsaved.size(), from + AuditJournal.PART);
            if (!end && to - from < AuditJournal.PART) break;
            AuditJournal.saveFindings(tx, runId, part++, unsaved.subList(from, to), now);
        }
    }

    /** What {@link #save} stored is stored for good. */
    void saved(boolean end) {
        int whole = end ? unsaved.size() : unsaved.size() / AuditJournal.PART * AuditJournal.PART;
        parts += (whole + AuditJournal.PART - 1) / AuditJournal.PART;
        unsaved.subList(0, whole).clear();
    }
}
