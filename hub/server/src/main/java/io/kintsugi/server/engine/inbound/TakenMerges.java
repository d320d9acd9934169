package io.kintsugi.server.engine.inbound;

import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.MergedValues;
import io.kintsugi.core.sync.MergedValues.Merger;
import io.kintsugi.server.engine.resolution.Folds;
import io.kintsugi.server.engine.resolution.Resolver.Occasion.PairKey;
import io.kintsugi.server.engine.resolution.SystemMerges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Takes in merges that were made inside a system. What they mean for golden records is decided when the losers are resolved
 * ({@link SystemMerges}); until then a link between loser and survivor says that the system holds them to be one.
 */
final class TakenMerges {
    private final Intake.Batch batch;
    private final Set<RecordKey> unresolved;
    private final Map<RecordKey, Intake.Merged> merged;
    private final Map<RecordKey, Instant> mergedAt = new HashMap<>();
    /** When the hub asked for the merges, for survivors into which nobody else merged anything. */
    private final Map<RecordKey, Instant> askedAt = new HashMap<>();

    /** When records had last been read before; not what this batch tells of them, which may be several things. */
    private final Map<RecordKey, Instant> readAt = new HashMap<>();

    private final Map<RecordKey, MergedValues> values = new HashMap<>();
    /** Records of which the hub knew before what became of them. */
    private final Set<RecordKey> gone = new HashSet<>();

    /**
     * @param folded records that the hub itself merged into others, which says nothing new of golden records, with when it asked for that
     * @param continued records that go on as what such a merge made
     * @param known the records of the batch as they were
     * @param unresolved losers of which the hub made nothing yet
     * @param made what open creates made of which the hub has seen nothing yet, as old as they were sent; a loser that was never read
     *     may be one of these
     * @param intents open writes to all of them
     */
    TakenMerges(
            Intake.Batch batch,
            Map<RecordKey, Instant> folded,
            Set<RecordKey> continued,
            Map<RecordKey, SourceRecord> known,
            Set<RecordKey> unresolved,
            List<SourceRecord> made,
            Map<RecordKey, Intent> intents,
            Function<String, AttributeType> types) {
        this.batch = batch;
        this.unresolved = unresolved;
        this.merged = new LinkedHashMap<>(batch.merged());
        merged.keySet()
                .removeIf(
                        loser -> folded.containsKey(loser) || continued.contains(loser) || isFolded(known.get(loser)));
        gone.addAll(folded.keySet());
        known.forEach((key, was) -> {
            readAt.put(key, was.observedAt());
            if (was.state() == RecordState.MERGED || isFolded(was)) gone.add(key);
        });
        var fresh = fresh(batch, known);
        var losers = new HashMap<RecordKey, List<SourceRecord>>();
        var unread = new HashSet<RecordKey>();
        var own = new HashSet<RecordKey>();
        batch.merged().forEach((loser, into) -> {
            var was = known.get(loser);
            var survivors = new HashSet<>(fresh.getOrDefault(into.at(), Set.of()));
            survivors.add(into.survivor());
            for (var survivor : survivors) {
                if (was == null) unread.add(survivor);
                if (folded.containsKey(loser) || continued.contains(loser)) own.add(survivor);
                if (was != null && (was.state() == RecordState.MERGED || isFolded(was))) continue;
                // a record that is made of both goes on as the one that it is, not as the one that was folded into that
                if (folded.containsKey(loser) && known.get(survivor) == null) continue;
                var gone = losers.computeIfAbsent(
                        survivor, key -> new ArrayList<>()); // of one never read nothing is known
                for (var lost : was == null ? before(into.at(), made) : List.of(was)) {
                    gone.add(lost);
                    // it is younger than all that was seen of what is gone
                    var at = into.at() == null ? lost.sourceAt() : into.at();
                    if (at != null) mergedAt.merge(survivor, at, (a, b) -> a.isBefore(b) ? a : b);
                }
            }
        });
        var byOthers = new HashSet<RecordKey>();
        batch.merged().forEach((loser, into) -> {
            var asked = folded.get(loser);
            if (asked == null) byOthers.add(into.survivor());
            else askedAt.merge(into.survivor(), asked, (a, b) -> a.isBefore(b) ? a : b);
        });
        askedAt.keySet().removeAll(byOthers);
        losers.forEach((survivor, lost) -> {
            var by = own.contains(survivor)
                    ? Merger.HUB
                    : unread.contains(survivor) ? Merger.PEOPLE_WITH_UNREAD : Merger.PEOPLE;
            values.put(survivor, new MergedValues(lost, unresolved, by, intents, types));
        });
    }

    /** Records never seen before, by when they changed: one that is as old as a merge is what that made, though it went on since. */
    private static Map<Instant, Set<RecordKey>> fresh(Intake.Batch batch, Map<RecordKey, SourceRecord> known) {
        var fresh = new HashMap<Instant, Set<RecordKey>>();
        for (var seen : batch.observations()) {
            if (seen.sourceAt() == null || known.containsKey(seen.key())) continue;
            fresh.computeIfAbsent(seen.sourceAt(), at -> new HashSet<>()).add(seen.key());
        }
        return fresh;
    }

    /** What was there before a merge, so that it may have gone into it. */
    private static List<SourceRecord> before(Instant merge, List<SourceRecord> made) {
        if (merge == null) return made;
        var end = merge.plusSeconds(1); // stamps are whole seconds in some systems
        return made.stream().filter(record -> record.sourceAt().isBefore(end)).toList();
    }

    private static boolean isFolded(SourceRecord record) {
        return record != null && (record.state() == RecordState.FOLDED || record.state() == RecordState.RETURNING);
    }

    /**
     * @param prior what was known of a record before; null for nothing
     * @param record as it was just taken in
     * @return the same, with what it has from records that were merged into it
     */
    SourceRecord inherit(SourceRecord prior, SourceRecord record) {
        var merged = values.get(record.key());
        var asked = askedAt.get(record.key());
        var read = readAt.get(record.key());
        boolean hadThem = asked != null && prior != null && read != null && !read.isAfter(asked); // before the merge
        var at = hadThem ? null : mergedAt.get(record.key());
        return merged == null ? record : merged.inherit(prior, record, read, at);
    }

    /**
     * @param records the records of the batch as they are now; the losers are replaced
     * @param links where to add what the system says of losers and survivors
     * @return what to store; a loser that was never known is nothing to store, and what was known already is not said again, whatever
     *     became of it since, unless the loser was there again meanwhile
     */
    Collection<SourceRecord> take(
            HubTransaction tx, Map<RecordKey, SourceRecord> records, List<Link> links, Instant now) {
        var told = new HashSet<RecordKey>();
        var pairs = new HashSet<PairKey>();
        var folds = new HashSet<PairKey>();
        for (var link : tx.links().of(merged.keySet())) {
            if (Folds.isFold(link)) folds.add(new PairKey(link.a(), link.b()));
            if (link.origin() != Origin.SOURCE
                    || !link.a().system().equals(link.b().system())) continue;
            told.add(link.a());
            told.add(link.b());
            pairs.add(new PairKey(link.a(), link.b()));
        }
        var changed = new ArrayList<SourceRecord>();
        var read = new HashSet<RecordKey>(); // these have what they inherit
        for (var observation : batch.observations()) read.add(observation.key());
        var entered = new TreeMap<RecordKey, SourceRecord>();
        merged.forEach((loser, into) -> {
            var prior = records.get(loser);
            if (prior == null) return;
            boolean before = prior.state() == RecordState.MERGED;
            // with what went on as another by a merge of the hub it comes apart from that again
            var to = gone.contains(into.first()) ? into.first() : into.survivor();
            boolean known = records.containsKey(to);
            var pair = PairKey.of(loser, to);
            boolean again = prior.state() == RecordState.LIVE; // they were one before, and came apart
            boolean news = known && (again || !pairs.contains(pair)) && !(before && told.contains(loser));
            if (news) links.add(link(pair, now));
            if (known && !before && !read.contains(into.survivor()) && !unresolved.contains(loser)) {
                records.computeIfPresent(into.survivor(), (key, survivor) -> {
                    var said = MergedValues.entered(survivor, prior);
                    if (said != survivor) entered.put(key, said);
                    return said;
                });
            }
            boolean withIt = !known || folds.contains(pair);
            if (prior.state() == RecordState.DELETED && withIt) return; // as gone as what it went into
            var record = before ? prior : prior.withState(RecordState.MERGED);
            if (record.equals(prior) && !news) return;
            records.put(loser, record);
            changed.add(record);
        });
        tx.records().save(entered.values());
        tx.records().markPending(entered.keySet());
        return changed;
    }

    private Link link(PairKey pair, Instant now) {
        return new Link(
                pair.a(),
                pair.b(),
                Origin.SOURCE,
                Decision.REVIEW,
                LinkState.ACTIVE,
                0,
                List.of(),
                null,
                batch.system(),
                now);
    }
}
