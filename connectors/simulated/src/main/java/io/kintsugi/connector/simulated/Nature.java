package io.kintsugi.connector.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What a simulated system is like.
 *
 * @param fields native fields besides the link key
 * @param stamp precision of change times
 * @param lag longest time until the feed shows a change
 * @param retention how long the feed of changes is kept; null for ever
 * @param maxBatch most writes in one call
 * @param rewriting what the system makes of a value that is written to a field, by people too
 * @param unique fields that two live records never share
 * @param references fields that hold ids of another stream, with its name
 * @param bin how long what was deleted can be brought back; null for ever
 * @param losers most records that go into another one by one merge
 * @param vices what it does to those who use it through its interface
 */
public record Nature(
        Set<Trait> traits,
        List<String> fields,
        Duration stamp,
        Duration lag,
        Duration retention,
        int maxBatch,
        Map<String, UnaryOperator<String>> rewriting,
        Set<String> unique,
        Map<String, String> references,
        Duration bin,
        int losers,
        Vices vices) {
    public Nature {
        traits = Set.copyOf(traits);
        fields = List.copyOf(fields);
        rewriting = Map.copyOf(rewriting);
        unique = Set.copyOf(unique);
        references = Map.copyOf(references);
    }

    /** One without references, that keeps for ever what was deleted. */
    public Nature(
            Set<Trait> traits,
            List<String> fields,
            Duration stamp,
            Duration lag,
            Duration retention,
            int maxBatch,
            Map<String, UnaryOperator<String>> rewriting,
            Set<String> unique) {
        this(traits, fields, stamp, lag, retention, maxBatch, rewriting, unique, Map.of(), null, 1, Vices.NONE);
    }

    /** A system that does what it can do at once and keeps what it is given. */
    public static Nature plain(List<String> fields, Trait... traits) {
        return new Nature(Set.of(traits), fields, Duration.ofMillis(1), Duration.ZERO, null, 100, Map.of(), Set.of());
    }

    /** The same with one more field. */
    public Nature withField(String name) {
        var more = new ArrayList<>(fields);
        more.add(name);
        return new Nature(
                traits, more, stamp, lag, retention, maxBatch, rewriting, unique, references, bin, losers, vices);
    }

    /** The same with fields that hold ids of other streams. */
    public Nature referring(Map<String, String> streams) {
        return new Nature(
                traits, fields, stamp, lag, retention, maxBatch, rewriting, unique, streams, bin, losers, vices);
    }

    /** The same with other traits. */
    public Nature with(Set<Trait> others) {
        return new Nature(
                others, fields, stamp, lag, retention, maxBatch, rewriting, unique, references, bin, losers, vices);
    }

    /** The same without what two live records never share. */
    public Nature sharing() {
        return new Nature(
                traits, fields, stamp, lag, retention, maxBatch, rewriting, Set.of(), references, bin, losers, vices);
    }

    /** The same, which takes so many losers in one merge. */
    public Nature merging(int most) {
        return new Nature(
                traits, fields, stamp, lag, retention, maxBatch, rewriting, unique, references, bin, most, vices);
    }

    /** The same, which keeps what was deleted as long as this. */
    public Nature keeping(Duration time) {
        return new Nature(
                traits, fields, stamp, lag, retention, maxBatch, rewriting, unique, references, time, losers, vices);
    }

    /** The same, whose feed of changes is kept as long as this. */
    public Nature remembering(Duration time) {
        return new Nature(
                traits, fields, stamp, lag, time, maxBatch, rewriting, unique, references, bin, losers, vices);
    }

    /** The same with other vices. */
    public Nature with(Vices others) {
        return new Nature(
                traits, fields, stamp, lag, retention, maxBatch, rewriting, unique, references, bin, losers, others);
    }

    /** How long a change may stay invisible, in the feed or in what is looked up by a key. */
    public Duration visibilityLag() {
        return lag.compareTo(vices.index()) < 0 ? vices.index() : lag;
    }

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** An instant as the system stamps it. */
    Instant stamped(Instant at) {
        long precision = stamp.toMillis();
        return Instant.ofEpochMilli(at.toEpochMilli() / precision * precision);
    }

    boolean merges() {
        return has(Trait.MERGES_KEEPING_ID) || has(Trait.MERGES_MINTING_ID);
    }

    String rewritten(String field, String value) {
        var rewrite = rewriting.get(field);
        return rewrite == null || value == null ? value : rewrite.apply(value);
    }
}
