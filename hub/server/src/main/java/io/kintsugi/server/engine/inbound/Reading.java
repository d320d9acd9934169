package io.kintsugi.server.engine.inbound;

import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.Unreadable;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.Records.Retained;
import io.kintsugi.core.sync.Absorb;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.server.connector.Translator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What one batch of one stream says, as it is being collected. Not thread-safe. */
final class Reading {
    private final String system;
    private final StreamMapping mapping;
    private final Translator translator;
    private final Supplier<Set<String>> unread;
    private final List<Observation> observations = new ArrayList<>();
    private final Map<RecordKey, String> linkKeys = new HashMap<>();
    final Set<RecordKey> deleted = new LinkedHashSet<>();
    private final Map<RecordKey, Instant> deletedAt = new HashMap<>();
    private final Map<RecordKey, Intake.Merged> merged = new LinkedHashMap<>();
    final List<ParkedRows.Row> parked = new ArrayList<>();
    final List<String> readable = new ArrayList<>();
    Deletion.Evidence evidence = Deletion.Evidence.FEED;
    private final Map<RecordKey, Map<String, Retained>> unmapped = new HashMap<>();
    /** Fields that nobody maps and whose values are kept. */
    Collection<String> retained = List.of();

    boolean sweeps;
    boolean sweepEnds;

    /** @param unread rows that the reading of everything under way could not read; gives null if none is under way */
    Reading(String system, StreamMapping mapping, Translator translator, Supplier<Set<String>> unread) {
        this.system = system;
        this.mapping = mapping;
        this.translator = translator;
        this.unread = unread;
    }

    void take(NativeRecord record) {
        try {
            var seen = translator.read(record);
            deleted.remove(seen.key()); // created again
            merged.remove(seen.key());
            observations.add(seen);
            if (!retained.isEmpty()) retain(seen.key(), record);
            translator.linkKey(record).ifPresent(key -> linkKeys.put(seen.key(), key));
        } catch (Translator.Unmappable e) {
            parked.add(ParkedRows.Row.unmapped(
                    record.id().id(), e.getMessage(), record.fields().toString()));
        }
    }

    private void retain(RecordKey key, NativeRecord record) {
        var kept = new HashMap<String, Retained>();
        for (var field : retained) {
            if (record.fields().containsKey(field))
                kept.put(field, new Retained(Translator.text(record.fields().get(field)), record.modifiedAt()));
        }
        if (!kept.isEmpty()) unmapped.put(key, kept);
    }

    /** @param at null if the system does not say */
    void delete(RecordId id, Instant at) {
        var key = translator.key(id.id());
        observations.removeIf(seen -> seen.key().equals(key));
        deleted.add(key);
        if (at != null) deletedAt.put(key, at);
    }

    /** @param at null if the system does not say, or has said it before, also of what looked deleted then */
    void merge(RecordId loser, RecordId survivor, Instant at) {
        var key = translator.key(loser.id());
        observations.removeIf(seen -> seen.key().equals(key));
        deleted.remove(key);
        var before = merged.get(key);
        var told = before == null ? deletedAt.get(key) : before.at();
        deletedAt.remove(key);
        var into = translator.key(survivor.id());
        merged.put(key, new Intake.Merged(before == null ? into : before.first(), into, at == null ? told : at));
    }

    boolean isMerged(RecordId id) {
        return merged.containsKey(translator.key(id.id()));
    }

    boolean isGone(RecordId id) {
        return isMerged(id) || deleted.contains(translator.key(id.id()));
    }

    /** Each loser with the end of its chain. */
    private Map<RecordKey, Intake.Merged> merges() {
        var ends = new LinkedHashMap<RecordKey, Intake.Merged>();
        merged.forEach((loser, into) -> {
            var end = end(into.survivor());
            if (end.equals(loser)) return;
            boolean onTheWay = end(into.first()).equals(end); // else it has come back since, and gone elsewhere
            ends.put(loser, new Intake.Merged(onTheWay ? into.first() : end, end, into.at()));
        });
        return ends;
    }

    private RecordKey end(RecordKey record) {
        var end = record;
        for (int hops = 0; merged.containsKey(end) && hops < merged.size(); hops++) {
            end = merged.get(end).survivor();
        }
        return end;
    }

    /**
     * What can be older than what is known.
     *
     * @param all also what says no time: whatever is told of a merged record is old
     */
    Set<RecordKey> stamped(boolean all) {
        var keys = new LinkedHashSet<>(deletedAt.keySet());
        for (var seen : observations) if (all || seen.sourceAt() != null) keys.add(seen.key());
        return keys;
    }

    Set<RecordKey> doubtful(Map<RecordKey, SourceRecord> known) {
        var doubtful = new LinkedHashSet<RecordKey>();
        for (var seen : observations) {
            if (Absorb.doubtful(known.get(seen.key()), seen)) doubtful.add(seen.key());
        }
        deletedAt.forEach((key, at) -> {
            var prior = known.get(key);
            boolean there =
                    deleted.contains(key) && prior != null && !prior.state().gone();
            if (there && prior.sourceAt() != null && !at.isAfter(prior.sourceAt())) doubtful.add(key);
        });
        return doubtful;
    }

    void forget(Set<RecordKey> keys) {
        observations.removeIf(seen -> keys.contains(seen.key()));
        deleted.removeAll(keys);
    }

    void park(Unreadable row) {
        var parkedRow = ParkedRows.Row.unread(row);
        parked.add(parkedRow);
        if (unread.get() != null) unread.get().add(parkedRow.name());
    }

    boolean isEmpty() {
        return observations.isEmpty() && deleted.isEmpty() && merged.isEmpty() && parked.isEmpty();
    }

    Intake.Batch batch(String position) {
        return new Intake.Batch(
                system,
                system,
                mapping.stream(),
                mapping.entityType(),
                observations,
                linkKeys,
                List.copyOf(deleted),
                evidence,
                merges(),
                parked,
                sweeps && unread.get() != null
                        ? new ParkedRows.Sweep(Collections.unmodifiableSet(unread.get()), sweepEnds)
                        : null,
                position,
                unmapped);
    }
}
