package io.kintsugi.server.engine.shared;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** A golden with an open question is created nowhere: the answer may be that the system has it already. */
public final class OpenQuestions {
    private OpenQuestions() {}

    /** An open review about goldens for each of the records that there is one of. */
    public static Map<RecordKey, String> of(HubTransaction tx, Collection<SourceRecord> records) {
        var keys = new TreeSet<RecordKey>();
        for (var record : records) keys.add(record.key());
        var questions = new HashMap<RecordKey, String>();
        if (keys.isEmpty()) return questions;
        for (var review : tx.reviews().openOf(keys)) {
            if (!review.kind().isAboutGoldens()) continue;
            for (var key : review.records()) questions.putIfAbsent(key, review.id());
        }
        return questions;
    }
}
