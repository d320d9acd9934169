package io.kintsugi.core.store;

import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.ErasureState;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/** What was erased for good, and what may not come back. */
public interface Erasures {
    /** The secret by which the hub hashes what it may not keep; empty until {@link #keepSecret}. */
    Optional<String> secret();

    /** Keeps a secret unless there is one. Returns the one that counts. */
    String keepSecret(String candidate);

    /** Stores erasures whole, new or not. Goldens need not exist. */
    void save(Collection<Erasure> erasures);

    Map<String, Erasure> find(Collection<String> ids);

    /** Reads the erasures that exist and locks them until the transaction ends. */
    Map<String, Erasure> lock(SortedSet<String> ids);

    /** Those that are not done, by id; few. */
    List<Erasure> open();

    /** The newest one of which the id is one of its goldens. */
    Optional<Erasure> ofGolden(String goldenId);

    /** One page, newest first. @param state null for all */
    Page<Erasure> list(ErasureState state, String cursor, int limit);

    /** Like {@link #list}, the other way round. */
    Page<Erasure> listOldestFirst(ErasureState state, String cursor, int limit);

    /** Keeps hashes of what may not come back. Twice is the same as once; several erasures may name one hash. */
    void suppress(Collection<Suppression> suppressions);

    /** Whether anything is suppressed; costs the same however much is. */
    boolean suppressing();

    /** Those that stand of the hashes, each with the id of an erasure that suppresses it. */
    Map<String, String> suppressed(Collection<String> hashes);

    /** All that stand, by hash and erasure; {@code cursor} null to begin. */
    Page<Suppression> suppressions(String cursor, int limit);

    /** Forgets the hashes of one erasure. Returns how many it had. */
    long lift(String erasureId);

    /** Counts rows that were not stored: the counts of a row that is known already are added up, and its last instant moves. */
    void note(Collection<Blocked> rows);

    /** One page of the rows that an erasure kept out, newest first. @param system null for all */
    Page<Blocked> blocked(String erasureId, String system, String cursor, int limit);

    /** Like {@link #blocked}, the other way round. */
    Page<Blocked> blockedOldestFirst(String erasureId, String system, String cursor, int limit);

    /**
     * Removes for ever, with everything that is tied to it or names it: records with their former values, goldens' values and
     * histories, merges, links, verdicts, reviews, changes, deletions, remembered answers, and of other goldens as much
     * of the history as names one of the records. The goldens stay, empty, under their ids. Not known ones are ignored.
     *
     * @return how much was removed, by kind; no entry for none
     */
    Map<String, Long> remove(Remains remains);

    /**
     * What is to be removed.
     *
     * @param goldens to become {@code ERASED}
     * @param blockKeys that the records had at any time; those that nobody else holds are forgotten
     * @param texts remembered answers and unreadable rows that hold one of them go too; none is empty
     * @param policies what the last change of each golden says it was decided under
     */
    record Remains(
            Set<String> goldens,
            Set<RecordKey> records,
            Set<String> blockKeys,
            Set<String> texts,
            Instant at,
            String policies) {
        public Remains {
            goldens = Set.copyOf(goldens);
            records = Set.copyOf(records);
            blockKeys = Set.copyOf(blockKeys);
            texts = Set.copyOf(texts);
        }
    }

    /** @param hash of an id or a value that identifies */
    record Suppression(String hash, String erasureId) implements Comparable<Suppression> {
        @Override
        public int compareTo(Suppression other) {
            int first = hash.compareTo(other.hash);
            return first != 0 ? first : erasureId.compareTo(other.erasureId);
        }
    }

    /**
     * A row that was read and not stored.
     *
     * @param hash of its id
     * @param rows how often it came
     */
    record Blocked(
            String erasureId, String system, String stream, String hash, long rows, Instant first, Instant last) {
        /** Names the row within all that were kept out. */
        public String key() {
            return erasureId + "|" + system + "|" + stream + "|" + hash;
        }
    }
}
