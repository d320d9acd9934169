package io.kintsugi.core.store;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** Golden records, who belongs to them, and their history. */
public interface Goldens {
    /** Locks goldens until the transaction ends. Ids that do not exist are ignored. */
    void claim(SortedSet<String> ids);

    /** @return the goldens that exist, in whatever state, under the ids asked; redirects are not followed */
    Map<String, GoldenRecord> find(Collection<String> ids);

    /** Follows redirects to the golden in use now. An id that was never retired, or is unknown, leads to itself. */
    String currentId(String id);

    /** Golden of each record that has one. */
    Map<RecordKey, String> goldenOf(Collection<RecordKey> records);

    /** Memberships and records of each golden, by record key; a golden without records maps to an empty list. */
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

    /** Takes records out of their golden; those without one are ignored. */
    void detach(Collection<RecordKey> records);

    /** Next {@code count} numbers of the hub-wide sequence of value versions; gaps may occur, repeats never. */
    long reserveVersions(int count);

    /** One page of goldens. */
    Page<GoldenRecord> list(Filter filter, String cursor, int limit);

    /** Goldens in use by entity type, sorted by type. */
    Map<String, Long> counts();

    /** Changes of one golden, newest first. */
    List<GoldenRevision> history(String id, int limit);

    /** Changes of all goldens after a place in the feed, oldest first. */
    List<GoldenRevision> feed(long after, int limit);

    /** Place of the newest change; 0 if there is none. */
    long feedEnd();

    record Member(Membership membership, SourceRecord record) {}

    /**
     * @param entityType null for all
     * @param state null for all
     * @param text words that must all occur in some value, as prefixes, whatever their case; null for all
     * @param system only goldens with a record of this system; null for all
     * @param equal attribute values that must be equal
     * @param minimumRecords only goldens with at least so many records
     * @param sort {@code updatedAt}, {@code createdAt}, {@code label} or {@code id}
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
        public Filter {
            equal = Map.copyOf(equal);
        }

        /** Goldens in use, newest change first. */
        public static Filter all() {
            return new Filter(null, GoldenState.ACTIVE, null, null, Map.of(), 0, "updatedAt", true);
        }
    }
}
