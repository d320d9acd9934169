package io.kintsugi.server.engine.explain;

import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.explain.PairExplanation.Then;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a record held and where it belonged at an earlier instant. Read backwards from what is, through the histories of goldens and
 * records, which are never rewritten: who leaves a golden is named in the same transaction in which another one is joined.
 */
public final class Past {
    private static final int MOST_MOVES = 100;
    private static final int MOST_CHANGES = 10_000;
    private static final int NEAR = 1_000; // changes of one transaction lie side by side in the feed

    private final HubTransaction tx;
    private final Instant at;

    public Past(HubTransaction tx, Instant at) {
        this.tx = tx;
        this.at = at;
    }

    /** What a record held then, and where it belonged. */
    public Then of(SourceRecord record) {
        var key = record.key();
        var golden = tx.goldens().goldenOf(List.of(key)).get(key);
        if (golden == null) return new Then(true, null, held(record), null); // nothing says since when it is there
        Instant first = null;
        long before = Long.MAX_VALUE;
        for (int moves = 0; golden != null && moves < MOST_MOVES; moves++) {
            var joined = joined(golden, key, before);
            if (joined == null || !joined.at().isAfter(at)) return new Then(true, null, held(record), golden);
            first = joined.at();
            before = joined.sequence();
            golden = left(joined, key);
        }
        return new Then(false, first, Map.of(), null);
    }

    /** Whether a link is known to have been in force: of one taken back since, only that it was kept is known. */
    public boolean stood(Link link) {
        return link.active() != link.at().isAfter(at);
    }

    /** How a record came from another golden to the one it is in. */
    record Move(String from, Instant at) {}

    /** The last move of a record, if it came to its golden because another one came apart; empty if it came otherwise. */
    Optional<Move> split(RecordKey record, String golden) {
        var joined = joined(golden, record, Long.MAX_VALUE);
        if (joined == null || joined.cause() == Cause.ABSORBED) return Optional.empty();
        var from = left(joined, record);
        return from == null ? Optional.empty() : Optional.of(new Move(from, joined.at()));
    }

    private GoldenRevision joined(String golden, RecordKey record, long before) {
        return tx.goldens().history(golden, MOST_CHANGES).stream()
                .filter(change -> change.sequence() < before && change.joined().contains(record))
                .findFirst()
                .orElse(null);
    }

    /** The golden that a record left for another one; null if it came from none. */
    private String left(GoldenRevision joined, RecordKey record) {
        return tx.goldens().feed(Math.max(0, joined.sequence() - NEAR), 2 * NEAR).stream()
                .filter(change ->
                        change.at().equals(joined.at()) && change.left().contains(record))
                .map(GoldenRevision::goldenId)
                .filter(id -> !id.equals(joined.goldenId()))
                .findFirst()
                .orElse(null);
    }

    /** What a record that was there held. */
    Map<String, String> held(SourceRecord record) {
        var held = record.attributes();
        for (var former : tx.records().revisions(record.key(), MOST_CHANGES)) {
            if (!former.at().isAfter(at)) break;
            held = former.attributes();
        }
        return held;
    }
}
