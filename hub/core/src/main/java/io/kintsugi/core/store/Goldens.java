package io.kintsugi.core.store;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import java.text.Normalizer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Golden records, who belongs to them, and their history. */
public interface Goldens {
    /** Locks goldens until the transaction ends. Ids that do not exist are ignored. */
    void claim(SortedSet<String> ids);

    /** @return the goldens that exist, in whatever state, under the ids asked; redirects are not followed */
    Map<String, GoldenRecord> find(Collection<String> ids);

    /**
     * Goldens whose {@link GoldenRecord#dueAt()} has come, the longest due first; those of one instant by id.
     *
     * @param now instants up to and including this one have come
     */
    List<String> due(Instant now, int limit);

    /** Follows redirects, however many. An id that is not retired, or is unknown, leads to itself. */
    default String currentId(String id) {
        return currentIds(List.of(id)).get(id);
    }

    /** {@link #currentId} of each id. */
    Map<String, String> currentIds(Collection<String> ids);

    /** Golden of each record that has one. */
    Map<RecordKey, String> goldenOf(Collection<RecordKey> records);

    /** Memberships and records of each golden, by record key; a golden without records, or unknown, maps to an empty list. */
    Map<String, List<Member>> members(Collection<String> goldenIds);

    /**
     * Stores goldens whole, new or not, and adds the revisions to history and feed in the order given.
     *
     * @param revisions their {@code sequence} is ignored; the store gives numbers that grow in commit order, so that a reader who
     *     has seen number n never misses a smaller one
     */
    void save(Collection<GoldenRecord> goldens, List<GoldenRevision> revisions);

    /** Makes each membership the only one of its record. */
    void assign(Collection<Membership> memberships);

    /**
     * Takes the next {@code count} numbers of the hub-wide sequence of value versions. Between transactions that were stored gaps
     * may occur, repeats never.
     *
     * @param count 0 takes none
     * @return the first of them, above 0
     */
    long reserveVersions(int count);

    /** One page of goldens. */
    Page<GoldenRecord> list(Filter filter, String cursor, int limit);

    /** Goldens in use by entity type, sorted by type; no entry for none. */
    Map<String, Long> counts();

    /** Changes of one golden, newest first; empty if it is unknown. */
    List<GoldenRevision> history(String id, int limit);

    /** Changes of all goldens after a place in the feed, oldest first. */
    List<GoldenRevision> feed(long after, int limit);

    /** Place of the newest change; 0 if there is none. */
    long feedEnd();

    /** What search sees of a text: runs of letters, marks and digits, in lower case and composed form (NFKC), sorted. */
    static SortedSet<String> words(String text) {
        var words = new TreeSet<String>();
        for (var word : Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .split("[^\\p{L}\\p{M}\\p{N}]+")) {
            if (!word.isEmpty()) words.add(word);
        }
        return words;
    }

    record Member(Membership membership, SourceRecord record) {}

    /**
     * @param entityType null for all
     * @param state null for all
     * @param text every one of its {@link #words} must begin a word of some value; null, or without words, for all
     * @param system only goldens with a record of this system, in whatever state; null for all
     * @param equal attribute values that must all be equal, to the letter
     * @param minimumRecords only goldens with at least so many records, in whatever state
     * @param sort {@code updatedAt}, {@code createdAt}, {@code label} (whatever its case) or {@code id}; ties go by id, in the same
     *     direction
     */
    record Filter(
            String entityType,
            GoldenState state,
            String text,
            String system,
            Map<String, String> equal,
            int minimumRecords,
            String sort,
            boolean descending) {
        private static final List<String> SORTS = List.of("updatedAt", "createdAt", "label", "id");

        public Filter {
            equal = Map.copyOf(equal);
            if (!SORTS.contains(sort)) {
                throw new HubException(
                        HubErrorCode.BAD_REQUEST,
                        "goldens cannot be sorted by \"" + sort + "\"; choose one of " + SORTS);
            }
        }

        /** Goldens in use, newest change first. */
        public static Filter all() {
            return new Filter(null, GoldenState.ACTIVE, null, null, Map.of(), 0, "updatedAt", true);
        }
    }
}
