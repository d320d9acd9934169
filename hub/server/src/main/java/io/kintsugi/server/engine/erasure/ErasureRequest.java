package io.kintsugi.server.engine.erasure;

import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.ErasureState;
import io.kintsugi.core.model.Erasure.Means;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Erasures.Suppression;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Outbox.Marker;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.resolution.Resolver.Occasion;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.Pseudonyms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Begins one erasure in one transaction: freezes what is to go, says where it is, and suppresses it. Used once. */
final class ErasureRequest {
    private static final int MOST_REFERRING = 10_000;
    private static final int MOST_HOLDERS = 100;
    private static final int TELLING = 4; // shorter values stand in many a text by chance
    private final HubTransaction tx;
    private final LiveModel model;
    private final Resolver resolver;
    private final ErasureMeans means;
    private final Ids ids;
    private final String by;
    private final Instant now;
    private long referring;
    private long withdrawn;

    ErasureRequest(
            HubTransaction tx,
            LiveModel model,
            Resolver resolver,
            ErasureMeans means,
            Ids ids,
            String by,
            Instant now) {
        this.tx = tx;
        this.model = model;
        this.resolver = resolver;
        this.means = means;
        this.ids = ids;
        this.by = by;
        this.now = now;
    }

    /** Golden records that refer to the one erased, counted up to {@value #MOST_REFERRING}. */
    long referring() {
        return referring;
    }

    /** Changes that are not sent any more. */
    long withdrawn() {
        return withdrawn;
    }

    /** @param revision null for any */
    Erasure begin(String goldenId, Long revision, String reason) {
        tx.goldens().claim(new TreeSet<>(Set.of(goldenId)));
        var golden = tx.goldens().find(List.of(goldenId)).get(goldenId);
        require(goldenId, golden, revision);
        var records = scope(tx, goldenId);
        requireNameless(reason, golden, records.values());
        referring = tx.references().referrers(goldenId, "", MOST_REFERRING).size();
        withdrawn = tx.outbox().ofGolden(goldenId).stream()
                .filter(change -> change.state() != OutboundState.SETTLED)
                .count();
        var hashes = Pseudonyms.of(tx);
        var steps = new ArrayList<Erasure.Step>();
        for (var record : records.values()) steps.add(step(record, hashes, means, now));
        steps.sort(Comparator.comparing(Erasure.Step::system).thenComparing(Erasure.Step::hash));
        var erasure = new Erasure(
                ids.next("e"),
                golden.entityType(),
                goldens(golden),
                ErasureState.RUNNING,
                reason,
                by,
                now,
                steps,
                Map.of(),
                null,
                null,
                null,
                1,
                now);
        suppress(erasure.id(), golden, records.values(), hashes);
        freeze(tx, resolver, records.values(), by, now);
        cancelDeletions(goldenId, records.keySet());
        tx.erasures().save(List.of(erasure));
        tx.outbox().mark(markers(erasure, now));
        return erasure;
    }

    private void require(String id, GoldenRecord golden, Long revision) {
        if (golden == null) throw new HubException(HubErrorCode.NOT_FOUND, "there is no golden record " + id);
        var other = tx.erasures().ofGolden(id).map(Erasure::id).orElse("");
        if (golden.state() == GoldenState.ERASED) {
            throw new HubException(HubErrorCode.GONE, "golden record " + id + " was erased; see erasure " + other);
        }
        if (!other.isEmpty()) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE, "golden record " + id + " is being erased; see erasure " + other);
        }
        if (golden.state() == GoldenState.RETIRED) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "golden record " + id + " was merged into " + tx.goldens().currentId(id) + "; erase that one");
        }
        if (revision != null && golden.revision() != revision) {
            throw new HubException(
                    HubErrorCode.REVISION_CONFLICT,
                    "golden " + id + " is at revision " + golden.revision() + ", you sent " + revision
                            + "; reload and retry");
        }
    }

    /** The reason is kept for ever. */
    private static void requireNameless(String reason, GoldenRecord golden, Collection<SourceRecord> records) {
        var said = reason.toLowerCase(Locale.ROOT);
        SortedMap<String, Set<String>> values = new TreeMap<>();
        golden.values().forEach((attribute, value) -> add(values, attribute, value.value()));
        for (var record : records) record.attributes().forEach((attribute, value) -> add(values, attribute, value));
        values.forEach((attribute, all) -> {
            for (var value : all) {
                if (said.contains(value.toLowerCase(Locale.ROOT))) {
                    throw new HubException(
                            HubErrorCode.UNPROCESSABLE,
                            "the reason holds the value of " + attribute
                                    + ", and is kept for ever; write a case number instead");
                }
            }
        });
    }

    private static void add(SortedMap<String, Set<String>> values, String attribute, String value) {
        if (value.length() >= TELLING) {
            values.computeIfAbsent(attribute, a -> new HashSet<>()).add(value);
        }
    }

    /** Records of a golden, and those that left it when it was deleted and are in no other one; locked. */
    static Map<RecordKey, SourceRecord> scope(HubTransaction tx, String goldenId) {
        var keys = new TreeSet<RecordKey>();
        tx.goldens()
                .members(List.of(goldenId))
                .getOrDefault(goldenId, List.of())
                .forEach(member -> keys.add(member.record().key()));
        var outside = new TreeSet<RecordKey>();
        for (var deletion : tx.deletions().ofGolden(goldenId)) {
            if (deletion.origin() != null) outside.add(deletion.origin());
            for (var step : deletion.steps()) {
                if (step.target() != null && step.state() == StepState.DONE) outside.add(step.target());
            }
        }
        outside.removeAll(tx.goldens().goldenOf(outside).keySet());
        keys.addAll(outside);
        return new TreeMap<>(tx.records().lock(keys));
    }

    /** The golden, and all retired ones that lead to it however far. */
    private List<String> goldens(GoldenRecord golden) {
        var found = new ArrayList<>(List.of(golden.id()));
        for (int next = 0; next < found.size(); next++) {
            for (var event : tx.merges().ofGolden(found.get(next))) {
                for (var id : event.absorbed()) {
                    if (!found.contains(id) && tx.goldens().currentId(id).equals(golden.id())) found.add(id);
                }
            }
        }
        return found;
    }

    static Erasure.Step step(SourceRecord record, Pseudonyms hashes, ErasureMeans means, Instant now) {
        var key = record.key();
        boolean gone = record.state().gone();
        var how = gone ? Means.NONE : means.of(key.system(), record.stream());
        var state = gone
                ? Erasure.StepState.CONFIRMED
                : how == Means.BY_HAND ? Erasure.StepState.BY_HAND : Erasure.StepState.WAITING;
        var why =
                gone ? "it was gone already" : how == Means.BY_HAND ? "the hub cannot delete in " + key.system() : null;
        return new Erasure.Step(
                key.system(),
                record.stream(),
                gone ? null : key.externalId(),
                hashes.of(key),
                how,
                state,
                why,
                null,
                now,
                state == Erasure.StepState.BY_HAND ? now : null);
    }

    private void suppress(String id, GoldenRecord golden, Collection<SourceRecord> records, Pseudonyms hashes) {
        var type = golden.entityType();
        var matcher = model.rules(type).matcher();
        var found = new ArrayList<Suppression>();
        var identifiers = new TreeSet<String>();
        var blocks = new TreeSet<String>();
        var mine = new TreeSet<RecordKey>();
        for (var record : records) {
            mine.add(record.key());
            found.add(new Suppression(hashes.of(record.key()), id));
            for (var values : List.of(record.attributes(), record.evidence())) {
                var profile = matcher.profile(record.key(), values);
                identifiers.addAll(matcher.identifiers(profile));
                blocks.addAll(matcher.blockKeys(profile));
            }
        }
        if (!mine.isEmpty()) {
            var whole = new TreeMap<String, String>();
            golden.values().forEach((attribute, value) -> whole.put(attribute, value.value()));
            identifiers.addAll(matcher.identifiers(matcher.profile(mine.first(), whole)));
        }
        for (var near : tx.blocks().near(blocks, MOST_HOLDERS)) { // what others live by identifies nobody
            var other = near.record();
            if (mine.contains(other.key()) || !other.state().counts()) continue;
            identifiers.removeAll(matcher.identifiers(matcher.profile(other.key(), other.evidence())));
        }
        for (var text : identifiers) found.add(new Suppression(hashes.of(text), id));
        tx.erasures().suppress(found);
    }

    /** Takes records out of everything: they are matched with nothing, survive nowhere and are written no more. */
    static void freeze(HubTransaction tx, Resolver resolver, Collection<SourceRecord> records, String by, Instant now) {
        var frozen = new ArrayList<SourceRecord>();
        for (var record : records) {
            var state = record.state().gone() ? RecordState.DELETED : RecordState.SEVERED;
            if (record.state() != state && record.state() != RecordState.MERGED) frozen.add(record.withState(state));
        }
        tx.records().save(frozen);
        var keys = new TreeSet<RecordKey>();
        for (var record : records) keys.add(record.key());
        resolver.resolve(tx, keys, new Occasion(Origin.STEWARD, Set.of(), by, null, List.of()));
    }

    /** A deletion that would still do something about the thing does nothing any more. */
    private void cancelDeletions(String goldenId, Set<RecordKey> records) {
        var open = new TreeSet<String>();
        tx.deletions().openOf(records).forEach(deletion -> open.add(deletion.id()));
        tx.deletions().openOfGoldens(Set.of(goldenId)).forEach(deletion -> open.add(deletion.id()));
        tx.deletions()
                .save(tx.deletions().lock(open).values().stream()
                        .map(deletion -> deletion.withSteps(
                                step -> step.state().over() ? step : step.to(StepState.CANCELLED, "it is erased", now),
                                now))
                        .toList());
    }

    /** Marks of all that is to be deleted by the hub. */
    static List<Marker> markers(Erasure erasure, Instant now) {
        return erasure.steps().stream()
                .filter(step -> step.state() == Erasure.StepState.WAITING)
                .map(erasure::target)
                .filter(Objects::nonNull)
                .map(key -> new Marker(erasure.goldenId(), key.system(), key.entityType(), key, now, Cause.DECISION))
                .toList();
    }
}
