package io.kintsugi.server.engine.recovery;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.shared.StoredJson;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/**
 * What a recovery did, for people who must be able to trust it.
 *
 * @param begun when it began
 * @param opened when writing began: every reachable system was read up to its barrier, and everything read was resolved; null before
 * @param resolved whether everything that was read was resolved before writing began; it is not waited for for ever
 * @param ended null as long as it runs
 * @param conflicts attributes that were changed in more than one place meanwhile, or against what is trusted more: what a hub of an
 *     earlier release listed here, not more than 1,000. {@link ConflictJournal} has them all
 * @param conflictCount how many there were
 * @param passes for each time that writing began, the number of parts of the list of conflicts that there were then
 * @param questions open questions for stewards at the end, by kind
 * @param equality empty before the end
 */
public record Certificate(
        String run,
        String cause,
        Instant begun,
        Instant opened,
        boolean resolved,
        Instant ended,
        List<SystemPart> systems,
        List<Conflict> conflicts,
        long conflictCount,
        List<Integer> passes,
        SortedMap<String, Long> questions,
        List<Equality> equality) {
    private static final String JOURNAL = "certificate"; // takes the place of a system in the checkpoint

    public Certificate {
        systems = List.copyOf(systems);
        conflicts = List.copyOf(conflicts);
        passes = passes == null ? List.of() : List.copyOf(passes); // earlier releases stored none
        equality = List.copyOf(equality);
    }

    /**
     * What became of one system.
     *
     * @param silentSince when it was read last before; null if it was not away
     * @param barrier everything that happened there before was read before anything was written
     * @param leftOut why it took no part; null if it did
     * @param read rows that were read: read = stored + unchanged + echo + unmappable
     * @param deletes records that were found deleted
     * @param planned writes that waited when writing began
     * @param waiting writes that still wait at the end
     */
    public record SystemPart(
            String system,
            Instant silentSince,
            Instant barrier,
            String leftOut,
            List<StreamPart> streams,
            SortedMap<String, Long> read,
            long deletes,
            long planned,
            long waiting,
            long parked,
            long held) {}

    /** @param tier {@code LIVE}, {@code REPLAY}, {@code WATERMARK} or {@code FULL} */
    public record StreamPart(String stream, String tier, String reason) {}

    /**
     * One attribute of one golden record.
     *
     * @param value what survived; null for nothing
     * @param from record of which the value stands; null if nothing survived, or an earlier release found it
     * @param rule strategy that decided; null if nothing survived
     * @param candidates what was entered, each with its record
     */
    public record Conflict(
            String goldenId,
            String entityType,
            String attribute,
            String value,
            String from,
            String rule,
            List<Candidate> candidates) {
        /** In this order every pass of a recovery finds them, each once. */
        public static final Comparator<Conflict> ORDER =
                Comparator.comparing(Conflict::goldenId).thenComparing(Conflict::attribute);

        public Conflict {
            candidates = List.copyOf(candidates);
        }

        /** Whether a value was entered in this system. */
        public boolean isOf(String system) {
            return candidates.stream()
                    .anyMatch(candidate ->
                            RecordKey.parse(candidate.record()).system().equals(system));
        }
    }

    /** @param changedAt null if the system does not say */
    public record Candidate(String record, String value, Instant changedAt, boolean survives) {}

    /**
     * Whether a system holds what it should, as far as the hub has read it.
     *
     * @param holds hash of what its records hold, in the order of their keys
     * @param should hash of what they should hold; the same exactly if nothing differs
     * @param differing values that differ and are not left so by policy
     */
    public record Equality(
            String system, String entityType, long records, String holds, String should, long differing) {
        /** Whether every system holds what its goldens say. */
        public boolean equal() {
            return holds.equals(should);
        }
    }

    /** The certificate of a recovery; empty if the run is none. */
    public static Optional<Certificate> find(HubTransaction tx, String runId) {
        return tx.journal()
                .checkpoint(JOURNAL, runId)
                .map(text -> StoredJson.read(text, Certificate.class, "certificate"));
    }

    /** Keeps it with its run, in the place of what was kept before. */
    public void save(HubTransaction tx, Instant now) {
        tx.journal().saveCheckpoint(JOURNAL, run, StoredJson.write(this), now);
    }

    /** How many parts the list of conflicts has. */
    int parts() {
        return passes.isEmpty() ? 0 : passes.get(passes.size() - 1);
    }

    /** The same without the conflicts in it for which this does not hold. */
    Certificate listing(Predicate<Conflict> kept) {
        var left = conflicts.stream().filter(kept).toList();
        return new Certificate(
                run, cause, begun, opened, resolved, ended, systems, left, conflictCount, passes, questions, equality);
    }

    /** Counts of the run. */
    public Map<String, Long> counts() {
        long read = systems.stream()
                .mapToLong(part -> part.read().getOrDefault("read", 0L))
                .sum();
        long stored = systems.stream()
                .mapToLong(part -> part.read().getOrDefault("stored", 0L))
                .sum();
        long planned = systems.stream().mapToLong(SystemPart::planned).sum();
        return Map.of("read", read, "stored", stored, "conflicts", conflictCount, "writes", planned);
    }
}
