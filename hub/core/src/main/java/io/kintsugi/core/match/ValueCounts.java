package io.kintsugi.core.match;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * How many records of some data hold each value. Values are kept as hashes, of which only the repeated ones need room. Immutable; the
 * same for the same records in any order.
 */
final class ValueCounts {
    /** What a value is a value of. Those of one slot or text have the position added. */
    enum Of {
        GIVEN,
        FAMILY,
        ORGANISATION,
        ORGANISATION_WORD,
        TITLE,
        TITLE_WORD,
        PHONE,
        EMAIL,
        DOMAIN,
        BIRTH,
        SLOT,
        TEXT,
        TEXT_WORD
    }

    private static final int APART = 256; // most attributes of one kind that are told apart

    private final int records;
    private final long[] repeated; // sorted
    private final int[] counts; // parallel, at least 2

    private ValueCounts(int records, long[] repeated, int[] counts) {
        this.records = records;
        this.repeated = repeated;
        this.counts = counts;
    }

    static ValueCounts of(Collection<Profile> profiles) {
        var hashes =
                profiles.parallelStream().flatMapToLong(ValueCounts::values).toArray();
        Arrays.parallelSort(hashes);
        int runs = 0;
        for (int i = 1; i < hashes.length; i++) {
            if (hashes[i] == hashes[i - 1] && (i == 1 || hashes[i - 2] != hashes[i])) runs++;
        }
        var repeated = new long[runs];
        var counts = new int[runs];
        int run = 0;
        for (int start = 0, end; start < hashes.length; start = end) {
            end = start + 1;
            while (end < hashes.length && hashes[end] == hashes[start]) end++;
            if (end - start < 2) continue;
            repeated[run] = hashes[start];
            counts[run++] = end - start;
        }
        return new ValueCounts(profiles.size(), repeated, counts);
    }

    /** Records that were counted. */
    int records() {
        return records;
    }

    /** Records that hold a value; 1 also for values nobody holds. */
    int of(Of kind, int position, String value) {
        int at = Arrays.binarySearch(repeated, hash(kind, position, value));
        return at < 0 ? 1 : counts[at];
    }

    int of(Of kind, String value) {
        return of(kind, 0, value);
    }

    /** Log2 of the share of records that hold a value, the one that asks not counted. */
    double bits(Of kind, int position, String value) {
        return Math.log(records / Math.max(1.0, of(kind, position, value) - 1.0)) / Math.log(2);
    }

    /** Hashes of what one record holds, each once. */
    private static LongStream values(Profile p) {
        var values = LongStream.builder();
        for (var name : p.names) {
            add(values, Of.GIVEN, 0, name.given());
            add(values, Of.FAMILY, 0, name.family());
        }
        for (var name : p.organisations) {
            add(values, Of.ORGANISATION, 0, name.base().compact());
            for (var word : name.base().words()) add(values, Of.ORGANISATION_WORD, 0, word);
        }
        for (var title : p.titles) {
            add(values, Of.TITLE, 0, title.compact());
            for (var word : title.words()) add(values, Of.TITLE_WORD, 0, word);
        }
        for (var phone : p.phones) add(values, Of.PHONE, 0, phone);
        for (var email : p.emails) add(values, Of.EMAIL, 0, email.toString());
        for (var domain : p.domains) add(values, Of.DOMAIN, 0, domain);
        for (int birth : p.births) add(values, Of.BIRTH, 0, Integer.toString(birth));
        for (int i = 0; i < p.slots.length; i++) if (p.slots[i] != null) add(values, Of.SLOT, i, p.slots[i]);
        for (int i = 0; i < p.texts.length; i++) {
            if (p.texts[i] == null) continue;
            add(values, Of.TEXT, i, p.texts[i].compact());
            for (var word : p.texts[i].words()) add(values, Of.TEXT_WORD, i, word);
        }
        return values.build().distinct();
    }

    private static void add(LongConsumer values, Of kind, int position, String value) {
        if (!value.isEmpty()) values.accept(hash(kind, position, value));
    }

    static long hash(Of kind, int position, String value) {
        long hash = 0xcbf29ce484222325L ^ (long) kind.ordinal() * APART + position;
        hash *= 0x100000001b3L;
        for (int i = 0; i < value.length(); i++) hash = (hash ^ value.charAt(i)) * 0x100000001b3L;
        hash = (hash ^ hash >>> 32) * 0x9e3779b97f4a7c15L;
        return hash ^ hash >>> 29;
    }
}
