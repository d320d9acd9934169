package io.kintsugi.core.lifecycle;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * One of the records that a system holds of a golden record.
 *
 * @param since when it joined the golden
 */
public record Duplicate(SourceRecord record, Instant since) {
    /**
     * From the one that stays to the latest. A total order over what is true of each by itself, so that whoever asks gets the same
     * answer, and no two records can be said to go into each other.
     */
    public static final Comparator<Duplicate> ORDER = Comparator.comparing(Duplicate::since)
            .thenComparing(duplicate -> duplicate.record().key());

    /**
     * The record that another is to be merged into.
     *
     * @param there the live records of one stream that are of one golden; the other one is among them
     * @param together whether two of them may be merged
     * @return empty if it stays
     */
    public static Optional<RecordKey> into(
            RecordKey record, Collection<Duplicate> there, BiPredicate<RecordKey, RecordKey> together) {
        return there.stream()
                .sorted(ORDER)
                .map(duplicate -> duplicate.record().key())
                .takeWhile(key -> !key.equals(record))
                .filter(key -> together.test(record, key))
                .findFirst();
    }

    /**
     * Groups of records that people or systems said are the same, of which one may know of another only by a third.
     *
     * @param links those that lead out of the records are ignored
     * @return the group of each record; itself alone if nobody said anything
     */
    public static Map<RecordKey, Set<RecordKey>> said(Set<RecordKey> records, Collection<Link> links) {
        var said = new HashMap<RecordKey, Set<RecordKey>>();
        for (var key : records) said.put(key, new TreeSet<>(Set.of(key)));
        for (var link : links) {
            boolean word = link.active() && link.origin() != Origin.RULE && link.decision() == Decision.MATCH;
            if (!word || !records.contains(link.a()) || !records.contains(link.b())) continue;
            var group = said.get(link.a());
            var other = said.get(link.b());
            if (group == other) continue;
            group.addAll(other);
            for (var key : other) said.put(key, group);
        }
        return said;
    }
}
