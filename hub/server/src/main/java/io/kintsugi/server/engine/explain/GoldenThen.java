package io.kintsugi.server.engine.explain;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A golden record as it was at an earlier instant (GOV-2): its history told from the beginning up to then. Nothing but an erasure changes
 * a history, so this is what was answered then. Of a value the history keeps what it was, since when, and which record brought it; not
 * why it was chosen. A value that was decided to be empty is kept as none.
 *
 * @param updatedAt when it had last changed
 * @param redirectsTo golden it had been merged into; null unless retired then
 * @param policies versions of the policies under which it had last changed; null if that is not known
 * @param values by attribute, sorted
 * @param held what its records held then, sorted by key
 */
public record GoldenThen(
        String id,
        String entityType,
        GoldenState state,
        long revision,
        String redirectsTo,
        Instant createdAt,
        Instant updatedAt,
        String policies,
        Map<String, Since> values,
        Map<RecordKey, Map<String, String>> held) {
    private static final int MOST_MOVES = 100; // a redirect of a redirect of one

    /**
     * A value that a golden had.
     *
     * @param from record that brought it; null if none did, as where a steward gave it
     * @param at since when it was so
     */
    public record Since(String value, RecordKey from, Instant at) {}

    public GoldenThen {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
        held = Collections.unmodifiableMap(new TreeMap<>(held));
    }

    /**
     * The golden of an id at an instant.
     *
     * @param follow whether an id that was retired then leads to the golden that was in use
     * @throws HubException with {@code NOT_FOUND} if the id is unknown, or was not used yet
     */
    public static GoldenThen of(HubTransaction tx, String id, Instant at, boolean follow) {
        return find(tx, id, at, follow).orElseThrow(() -> {
            var told = tx.goldens().history(id, Integer.MAX_VALUE);
            var why = told.isEmpty()
                    ? "there is no golden record " + id
                    : "there was no golden record " + id + " at " + at + "; its history begins at "
                            + told.get(told.size() - 1).at();
            return new HubException(HubErrorCode.NOT_FOUND, why);
        });
    }

    /** Like {@link #of}; empty if there was none, or nothing is kept of it. */
    public static Optional<GoldenThen> find(HubTransaction tx, String id, Instant at, boolean follow) {
        var then = told(tx, id, at);
        for (int moves = 0; follow && then != null && then.redirectsTo != null && moves < MOST_MOVES; moves++) {
            then = told(tx, then.redirectsTo, at);
        }
        return Optional.ofNullable(then);
    }

    private static GoldenThen told(HubTransaction tx, String id, Instant at) {
        var told = new ArrayList<>(tx.goldens().history(id, Integer.MAX_VALUE));
        told.removeIf(change -> change.at().isAfter(at));
        if (told.isEmpty()) return null;
        Collections.reverse(told);
        var values = new TreeMap<String, Since>();
        var members = new TreeSet<RecordKey>();
        for (var change : told) {
            if (change.cause() == Cause.REVIVED) values.clear(); // it tells all its values anew
            for (var value : change.changed()) {
                if (value.after() == null) values.remove(value.attribute());
                else values.put(value.attribute(), new Since(value.after(), value.from(), change.at()));
            }
            members.addAll(change.joined());
            if (change.cause() != Cause.DELETED) change.left().forEach(members::remove);
        }
        var last = told.get(told.size() - 1);
        return new GoldenThen(
                id,
                last.entityType(),
                state(last),
                last.revision(),
                last.cause() == Cause.RETIRED ? last.counterpart() : null,
                told.get(0).at(),
                last.at(),
                last.policies(),
                values,
                held(tx, members, at));
    }

    private static GoldenState state(GoldenRevision last) {
        return switch (last.cause()) {
            case RETIRED -> GoldenState.RETIRED;
            case DELETED -> GoldenState.DELETED;
            case ERASED -> GoldenState.ERASED;
            case CREATED, UPDATED, ABSORBED, REVIVED, SPLIT -> GoldenState.ACTIVE;
        };
    }

    private static Map<RecordKey, Map<String, String>> held(HubTransaction tx, TreeSet<RecordKey> members, Instant at) {
        var past = new Past(tx, at);
        var held = new TreeMap<RecordKey, Map<String, String>>();
        tx.records().find(members).forEach((key, record) -> held.put(key, past.held(record)));
        return held;
    }

    /** What people called it. */
    public String label() {
        var named = new HashMap<String, GoldenValue>();
        values.forEach(
                (name, since) -> named.put(name, new GoldenValue(since.value(), 0, since.from(), null, null, 0)));
        return new GoldenRecord(id, entityType, state, revision, named, redirectsTo, createdAt, updatedAt).label();
    }

    /** Its records, sorted. */
    public List<RecordKey> records() {
        return List.copyOf(held.keySet());
    }
}
