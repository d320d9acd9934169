package io.kintsugi.server.engine.inbound;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.deletion.DeletionQuestions;
import io.kintsugi.server.engine.resolution.Folds;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What follows where records are there again. */
final class Returned {
    private Returned() {}

    /** What went into records that are there again, and was deleted with them. */
    static List<SourceRecord> goneInto(HubTransaction tx, SortedSet<RecordKey> returned) {
        if (returned.isEmpty()) return List.of();
        var folded = new TreeSet<>(Folds.into(tx, returned));
        folded.removeAll(returned);
        if (folded.isEmpty()) return List.of();
        return tx.records().lock(folded).values().stream()
                .filter(record -> record.state() == RecordState.DELETED)
                .toList();
    }

    /** What was to follow from their deletion, and has not been done, is not done. */
    static void cancel(HubTransaction tx, SortedSet<RecordKey> returned, Instant now) {
        if (returned.isEmpty()) return;
        var ids = new TreeSet<String>();
        for (var deletion : tx.deletions().openOf(returned)) {
            if (returned.contains(deletion.origin())) ids.add(deletion.id());
        }
        var back = tx.deletions().lock(ids).values().stream()
                .map(deletion -> deletion.cancelled(now))
                .toList();
        tx.deletions().save(back);
        new DeletionQuestions(tx, now).ask(back);
    }
}
