package io.kintsugi.server.match;

import io.kintsugi.core.model.RecordKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records whose true cluster is known, with that and the one they were found in. A record that the truth names and the file does not
 * have counts as found alone.
 */
public final class Judged {
    private final RecordKey[] records; // null where the file has no such record
    private final int[] found;
    private final int[] truth;
    private final List<String> unknown;
    private final int unjudged;
    private final Map<RecordKey, Integer> truthOf = new HashMap<>();

    /**
     * @param unknown ids that only the truth has
     * @param unjudged records that the truth does not name
     */
    Judged(RecordKey[] records, int[] found, int[] truth, List<String> unknown, int unjudged) {
        this.records = records;
        this.found = found;
        this.truth = truth;
        this.unknown = List.copyOf(unknown);
        this.unjudged = unjudged;
        for (int i = 0; i < records.length; i++) {
            if (records[i] != null) truthOf.put(records[i], truth[i]);
        }
    }

    /** The figures. */
    public Evaluation evaluation() {
        return Evaluation.of(found, truth);
    }

    /** Whether the scores of a run mean what they say. */
    public Calibration calibration(ScoredPairs pairs) {
        return Calibration.of(pairs, this);
    }

    /** Whether two records are the same; empty if the truth does not name both. */
    Optional<Boolean> same(RecordKey a, RecordKey b) {
        var one = truthOf.get(a);
        var other = truthOf.get(b);
        return one == null || other == null ? Optional.empty() : Optional.of(one.equals(other));
    }

    /** Clusters that mix true entities, those with the most wrong pairs first; each part is of one entity. */
    public List<Mistake> wrongMerges(int most) {
        return Mistake.worst(records, found, truth, most);
    }

    /** Entities that were found in several clusters, those with the most missed pairs first; each part is of one cluster. */
    public List<Mistake> splits(int most) {
        return Mistake.worst(records, truth, found, most);
    }

    /** Ids that the truth has and the file does not, in the order of the truth. */
    public List<String> unknown() {
        return unknown;
    }

    /** How many records of the file the truth does not name; no figure counts them. */
    public int unjudged() {
        return unjudged;
    }
}
