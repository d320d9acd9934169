package io.kintsugi.server.engine.audit;

import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.audit.AuditReport.Finding;
import io.kintsugi.server.engine.shared.StoredParts;
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
        for (int from = 0; from < unsaved.size(); from += StoredParts.SIZE) {
            int to = Math.min(unsaved.size(), from + StoredParts.SIZE);
            if (!end && to - from < StoredParts.SIZE) break;
            AuditJournal.saveFindings(tx, runId, part++, unsaved.subList(from, to), now);
        }
    }

    /** What {@link #save} stored is stored for good. */
    void saved(boolean end) {
        int whole = end ? unsaved.size() : unsaved.size() / StoredParts.SIZE * StoredParts.SIZE;
        parts += (whole + StoredParts.SIZE - 1) / StoredParts.SIZE;
        unsaved.subList(0, whole).clear();
    }
}
