package io.kintsugi.server.engine.inbound;

import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.Means;
import io.kintsugi.core.model.Erasure.StepState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Erasures.Blocked;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.server.engine.inbound.Intake.Batch;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.Pseudonyms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps what was erased from coming back (DEL-11). A row of which the hub knows the record is taken as ever: its values are somebody
 * else's, or are erased with the record. Of any other row the id, and what identifies it, are looked up by their hashes.
 */
public final class Suppressed {
    private final HubTransaction tx;
    private final LiveModel model;
    private final Pseudonyms hashes;

    private Suppressed(HubTransaction tx, LiveModel model, Pseudonyms hashes) {
        this.tx = tx;
        this.model = model;
        this.hashes = hashes;
    }

    /** The batch without rows of things that were erased; those are counted. Costs one look if nothing ever was. */
    static Batch without(HubTransaction tx, LiveModel model, Batch batch, Instant now) {
        if (!tx.erasures().suppressing()) return batch;
        return Pseudonyms.known(tx)
                .map(hashes -> new Suppressed(tx, model, hashes).strip(batch, now))
                .orElse(batch);
    }

    /** Those of the rows that would not be stored. */
    public static Set<RecordKey> of(
            HubTransaction tx, LiveModel model, String entityType, Collection<Observation> rows) {
        if (!tx.erasures().suppressing()) return Set.of();
        return Pseudonyms.known(tx)
                .map(hashes -> new Suppressed(tx, model, hashes)
                        .erasuresOf(entityType, rows, List.of())
                        .keySet())
                .orElse(Set.of());
    }

    private Batch strip(Batch batch, Instant now) {
        var parked = new HashMap<RecordKey, ParkedRows.Row>();
        for (var row : batch.parked()) {
            parked.put(new RecordKey(batch.system(), batch.entityType(), row.name()), row);
        }
        var erasures = erasuresOf(batch.entityType(), batch.observations(), parked.keySet());
        confirm(batch, now);
        if (erasures.isEmpty()) return batch;
        var notes = new ArrayList<Blocked>();
        for (var key : new TreeSet<>(erasures.keySet())) {
            notes.add(new Blocked(erasures.get(key), key.system(), batch.stream(), hashes.of(key), 1, now, now));
        }
        tx.erasures().note(notes);
        var left = new HashSet<>(batch.parked());
        erasures.keySet().forEach(key -> left.remove(parked.get(key)));
        return new Batch(
                batch.booked(),
                batch.system(),
                batch.stream(),
                batch.entityType(),
                batch.observations().stream()
                        .filter(seen -> !erasures.containsKey(seen.key()))
                        .toList(),
                batch.linkKeys(),
                batch.deleted(),
                batch.evidence(),
                batch.merged(),
                batch.parked().stream().filter(left::contains).toList(),
                batch.sweep(),
                batch.position(),
                kept(batch.unmapped(), erasures.keySet()));
    }

    private static <V> Map<RecordKey, V> kept(Map<RecordKey, V> all, Set<RecordKey> without) {
        var kept = new HashMap<>(all);
        kept.keySet().removeAll(without);
        return kept;
    }

    /** By record: the erasure that keeps it out. */
    private Map<RecordKey, String> erasuresOf(
            String entityType, Collection<Observation> rows, Collection<RecordKey> unreadable) {
        var keys = new TreeSet<RecordKey>(unreadable);
        rows.forEach(row -> keys.add(row.key()));
        keys.removeAll(tx.records().find(keys).keySet());
        var asked = new HashMap<RecordKey, List<String>>();
        for (var key : keys) asked.computeIfAbsent(key, k -> new ArrayList<>()).add(hashes.of(key));
        var matcher = model.rules(entityType).matcher();
        for (var row : rows) {
            var mine = asked.get(row.key());
            if (mine == null) continue;
            for (var text : matcher.identifiers(matcher.profile(row.key(), row.attributes()))) {
                mine.add(hashes.of(text));
            }
        }
        var all = new HashSet<String>();
        asked.values().forEach(all::addAll);
        var standing = tx.erasures().suppressed(all);
        var found = new HashMap<RecordKey, String>();
        if (standing.isEmpty()) return found;
        asked.forEach((key, mine) -> mine.stream()
                .filter(standing::containsKey)
                .findFirst()
                .ifPresent(hash -> found.put(key, standing.get(hash))));
        return found;
    }

    /** A system says that records are gone which the hub does not know any more: somebody did what an erasure asked of a person. */
    private void confirm(Batch batch, Instant now) {
        if (batch.deleted().isEmpty()) return;
        var gone = new HashSet<String>();
        for (var key : batch.deleted()) gone.add(hashes.of(key));
        var open = new TreeSet<String>();
        for (var erasure : tx.erasures().open()) {
            if (erasure.steps().stream().anyMatch(step -> told(step, gone))) open.add(erasure.id());
        }
        if (open.isEmpty()) return;
        var save = new ArrayList<Erasure>();
        for (var erasure : tx.erasures().lock(open).values()) {
            save.add(erasure.withSteps(
                    step -> told(step, gone) ? step.to(StepState.CONFIRMED, "the system told it", now) : step, now));
        }
        tx.erasures().save(save);
    }

    private static boolean told(Erasure.Step step, Set<String> gone) {
        boolean waits = step.state() == StepState.TOLD || step.state() == StepState.BY_HAND;
        return waits && step.means() != Means.ARCHIVE && gone.contains(step.hash());
    }
}
