package io.kintsugi.core.model;

import java.time.Instant;
import java.util.List;

/**
 * One change of one golden record: its history and the change feed.
 *
 * @param sequence place in the hub-wide feed, given by the store at commit; 0 before
 * @param revision revision the golden had after it
 * @param joined records that came
 * @param left records that went; of a golden that was deleted those it had, which stay its own
 * @param counterpart of a golden that absorbed others the first of them, of a retired one the survivor; null otherwise
 * @param policies versions of the policies by which it was decided, as "authority 3, match 2"; null for one of before they were kept
 */
public record GoldenRevision(
        String goldenId,
        String entityType,
        long sequence,
        long revision,
        Instant at,
        Cause cause,
        List<ValueChange> changed,
        List<RecordKey> joined,
        List<RecordKey> left,
        String counterpart,
        String policies) {
    /** What happened to the golden. */
    public enum Cause {
        CREATED,
        UPDATED,
        /** Another golden was merged into this one. */
        ABSORBED,
        /** This one was merged into another. */
        RETIRED,
        /** Came back with its id, after an unmerge or with a returning record. */
        REVIVED,
        /** Records left to another golden. */
        SPLIT,
        DELETED,
        /** Nothing of it is kept any more, its history neither. */
        ERASED
    }

    /**
     * One value that became another.
     *
     * @param before null if there was none
     * @param after null if there is none now
     * @param from record the new value comes from; null if there is none
     */
    public record ValueChange(String attribute, String before, String after, RecordKey from) {}

    public GoldenRevision {
        changed = List.copyOf(changed);
        joined = List.copyOf(joined);
        left = List.copyOf(left);
    }
}
