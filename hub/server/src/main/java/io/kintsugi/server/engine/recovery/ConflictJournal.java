package io.kintsugi.server.engine.recovery;

import com.fasterxml.jackson.core.type.TypeReference;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Page;
import io.kintsugi.server.engine.recovery.Certificate.Conflict;
import io.kintsugi.server.engine.shared.LastRuns;
import io.kintsugi.server.engine.shared.StoredParts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Where recoveries keep their conflicts, beside their certificates. Those of the last recoveries that had any are kept, because they
 * hold values of customers. Stateless.
 */
public final class ConflictJournal {
    static final int RECOVERIES = 20;
    private static final int RUNS = 500;
    private static final String ALL = "all";
    private static final StoredParts<Conflict> CONFLICTS =
            new StoredParts<>("recovery-conflicts", new TypeReference<List<Conflict>>() {});
    private static final LastRuns LAST = new LastRuns("recoveries", RECOVERIES);

    private ConflictJournal() {}

    /** After which conflict of which part a page begins. */
    private record Place(int part, Conflict after) {
        static Place parse(String cursor) {
            var texts = cursor.split("~", 3);
            try {
                if (texts.length == 3)
                    return new Place(
                            Integer.parseInt(texts[0]),
                            new Conflict(texts[1], null, texts[2], null, null, null, List.of()));
            } catch (NumberFormatException e) { // answered below
            }
            throw new HubException(
                    HubErrorCode.BAD_REQUEST, "the cursor is not one of this list; begin without a cursor");
        }

        String cursor() {
            return part + "~" + after.goldenId() + "~" + after.attribute();
        }
    }

    /**
     * One page of the conflicts that a certificate counts, those first that were found first. Empty if they were dropped for those of
     * later recoveries; what was erased is not among them.
     *
     * @param cursor null to begin
     * @param backwards to begin with the last
     */
    public static Page<Conflict> page(
            HubTransaction tx, Certificate certificate, String cursor, int limit, boolean backwards) {
        int parts = certificate.passes().isEmpty() ? 1 : certificate.parts();
        var after = cursor == null ? null : Place.parse(cursor);
        Comparator<Conflict> order = backwards ? Conflict.ORDER.reversed() : Conflict.ORDER;
        int part = after != null ? after.part() : backwards ? parts - 1 : 0;
        var shown = new ArrayList<Conflict>();
        Place last = null;
        for (; part >= 0 && part < parts; part += backwards ? -1 : 1) {
            var items = new ArrayList<>(part(tx, certificate, part));
            items.sort(order);
            for (var conflict : items) {
                boolean before = after != null && part == after.part() && order.compare(conflict, after.after()) <= 0;
                if (before) continue;
                if (shown.size() == limit) return new Page<>(shown, last.cursor());
                shown.add(conflict);
                last = new Place(part, conflict);
            }
        }
        return new Page<>(shown, null);
    }

    private static List<Conflict> part(HubTransaction tx, Certificate certificate, int part) {
        if (certificate.passes().isEmpty()) return certificate.conflicts(); // as earlier releases kept them
        return part(tx, certificate.run(), part);
    }

    static List<Conflict> part(HubTransaction tx, String run, int part) {
        return CONFLICTS.find(tx, run, part).orElse(List.of());
    }

    /**
     * Keeps a part, without what was erased since it was found. With the first one, conflicts of recoveries that are too many ago are
     * dropped.
     *
     * @return how many conflicts are in it
     */
    static int save(HubTransaction tx, String run, int part, List<Conflict> conflicts, Instant now) {
        var ids = new TreeSet<String>();
        conflicts.forEach(conflict -> ids.add(conflict.goldenId()));
        tx.goldens().claim(ids); // an erasure does so too: it finds this part, or is found here
        var erased = tx.goldens().find(ids).values().stream()
                .filter(golden -> golden.state() == GoldenState.ERASED)
                .map(GoldenRecord::id)
                .collect(Collectors.toSet());
        var kept = conflicts.stream()
                .filter(conflict -> !erased.contains(conflict.goldenId()))
                .toList();
        var runs = new ArrayList<>(recoveries(tx));
        if (!runs.contains(run)) {
            runs.add(run);
            keep(tx, runs, now); // before anything is kept, or an erasure would not look there
        }
        CONFLICTS.save(tx, run, part, kept, now);
        return kept.size();
    }

    static void dropFrom(HubTransaction tx, String run, int part, Instant now) {
        CONFLICTS.drop(tx, run, part, now);
    }

    /** Which recoveries keep conflicts is known from here on, also of those of earlier releases. Called when a hub starts. */
    public static void start(HubTransaction tx, Instant now) {
        if (LAST.find(tx, ALL).isEmpty()) keep(tx, earlier(tx), now);
    }

    private static void keep(HubTransaction tx, List<String> runs, Instant now) {
        for (var old : LAST.save(tx, ALL, runs, now)) {
            CONFLICTS.drop(tx, old, 0, now);
            keepInCertificate(tx, old, conflict -> false, now);
        }
    }

    /** Takes conflicts out in which something has a part that is erased: golden records, or their source records. */
    public static void forget(HubTransaction tx, Set<String> goldens, Collection<RecordKey> records, Instant now) {
        var keys = records.stream().map(RecordKey::toString).collect(Collectors.toSet());
        Predicate<Conflict> gone = conflict -> goldens.contains(conflict.goldenId())
                || keys.contains(String.valueOf(conflict.from()))
                || conflict.candidates().stream().anyMatch(candidate -> keys.contains(candidate.record()));
        for (var run : recoveries(tx)) {
            CONFLICTS.forget(tx, run, gone, now);
            keepInCertificate(tx, run, gone.negate(), now);
        }
    }

    private static void keepInCertificate(HubTransaction tx, String run, Predicate<Conflict> kept, Instant now) {
        Certificate.find(tx, run)
                .filter(certificate -> !certificate.conflicts().stream().allMatch(kept))
                .ifPresent(certificate -> certificate.listing(kept).save(tx, now));
    }

    /** Recoveries that keep conflicts, the last one last. */
    private static List<String> recoveries(HubTransaction tx) {
        return LAST.find(tx, ALL).orElseGet(() -> earlier(tx));
    }

    /** Those of earlier releases, which kept no list of them. */
    private static List<String> earlier(HubTransaction tx) {
        var runs = new ArrayList<String>();
        Page<Run> page = null;
        do {
            page = tx.journal().runsOldestFirst(page == null ? null : page.next(), RUNS);
            for (var run : page.items()) if (run.kind().equals("recovery")) runs.add(run.id());
        } while (page.next() != null);
        runs.removeIf(run -> Certificate.find(tx, run)
                .filter(certificate -> !certificate.conflicts().isEmpty())
                .isEmpty());
        return runs;
    }
}
