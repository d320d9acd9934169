package io.kintsugi.server.api;

import io.kintsugi.server.engine.recovery.Certificate.Candidate;
import io.kintsugi.server.engine.recovery.Certificate.Conflict;
import java.util.List;

/**
 * One conflict of a recovery: {@link Conflict}, for a list.
 *
 * @param label what the golden record is called now; null if it is not there any more
 */
record ConflictView(
        String goldenId,
        String label,
        String entityType,
        String attribute,
        String value,
        String from,
        String rule,
        List<Candidate> candidates) {
    static ConflictView of(Conflict conflict, String label) {
        return new ConflictView(
                conflict.goldenId(),
                label,
                conflict.entityType(),
                conflict.attribute(),
                conflict.value(),
                conflict.from(),
                conflict.rule(),
                conflict.candidates());
    }
}
