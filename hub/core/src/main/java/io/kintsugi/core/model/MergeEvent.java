package io.kintsugi.core.model;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Goldens became one. Kept for ever, so that it can be undone and retired ids can come back.
 *
 * @param survivor golden that goes on
 * @param absorbed goldens that retired
 * @param moved records that changed golden, with the golden they came from
 * @param links steward links made by this merge, as pairs of record keys; retracted by its undo
 * @param undoneAt null while it stands
 * @param policies as in {@link GoldenRevision}; its undo leaves them
 */
public record MergeEvent(
        String id,
        String entityType,
        String survivor,
        List<String> absorbed,
        List<Move> moved,
        List<Pair> links,
        Origin origin,
        String by,
        String note,
        Instant at,
        Instant undoneAt,
        String undoneBy,
        String policies) {
    /**
     * A record that changed golden.
     *
     * @param from golden it belonged to before
     */
    public record Move(RecordKey record, String from) {}

    /** The ends of a link, the smaller key first. */
    public record Pair(RecordKey a, RecordKey b) {}

    public MergeEvent {
        absorbed = List.copyOf(absorbed);
        moved = List.copyOf(moved);
        links = List.copyOf(links);
    }

    /** The golden that each record came from that moved. */
    public Map<RecordKey, String> sides() {
        var sides = new HashMap<RecordKey, String>();
        for (var move : moved) sides.put(move.record(), move.from());
        return sides;
    }

    /** The same event, taken back. */
    public MergeEvent undone(Instant when, String who) {
        return new MergeEvent(
                id, entityType, survivor, absorbed, moved, links, origin, by, note, at, when, who, policies);
    }
}
