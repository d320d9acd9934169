package io.kintsugi.server.engine.dryrun;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Blocks.BlockKey;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.Goldens;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Page;
import io.kintsugi.core.store.Records.Count;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.core.sync.Oscillation;
import io.kintsugi.server.engine.dryrun.DryRun.Stage;
import io.kintsugi.server.engine.dryrun.DryRun.Watch;
import io.kintsugi.server.engine.resolution.LoopBreaker;
import io.kintsugi.server.engine.resolution.MergeBrake;
import io.kintsugi.server.engine.schema.StreamSchema;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * A copy of what a hub knows, in memory: the engine can decide in it as in the hub, and nothing of that is kept. Made page by page while
 * the hub goes on, without a lock in it. Not copied are former values of records, answers and runs, on which no decision depends. Used once.
 */
final class HubCopy {
    private static final int PAGE = 500;
    private static final long GAP = 1_000_000;
    private static final List<String> KINDS = List.of(
            "entity",
            "attributes",
            "matching",
            "authority",
            "deletes",
            "system",
            "mapping",
            StreamSchema.KIND,
            "answers");

    private final HubStore hub;
    private final LiveModel model;
    private final Instant now;
    private final Set<String> unread;
    private final Watch watch;
    private final MemoryHubStore copy = new MemoryHubStore();
    private final List<RecordKey> keys = new ArrayList<>();
    private long lastVersion;

    /** @param unread systems of which it is forgotten how far they were read */
    HubCopy(HubStore hub, LiveModel model, Instant now, Set<String> unread, Watch watch) {
        this.hub = hub;
        this.model = model;
        this.now = now;
        this.unread = unread;
        this.watch = watch;
    }

    MemoryHubStore make() {
        documents();
        var counts = hub.read(tx -> tx.records().counts());
        long all = counts.stream().mapToLong(Count::records).sum();
        watch.at(Stage.COPYING, 0, all);
        var parts = new TreeSet<List<String>>((a, b) -> a.toString().compareTo(b.toString()));
        counts.forEach(count -> parts.add(List.of(count.system(), count.entityType())));
        for (var part : parts) {
            each((tx, cursor) -> tx.records().list(part.get(0), part.get(1), cursor, PAGE), (tx, records) -> {
                tx.records().save(records);
                var page = records.stream().map(SourceRecord::key).toList();
                tx.records().retain(hub.read(base -> base.records().retained(page)));
                for (var record : records) {
                    keys.add(record.key());
                    record.states().values().forEach(state -> seen(state.base()));
                }
                watch.at(Stage.COPYING, keys.size(), all);
            });
        }
        goldens();
        var waiting = hub.read(tx -> tx.records().pending(Integer.MAX_VALUE));
        copy.write(tx -> {
            tx.records().markPending(waiting);
            return null;
        });
        blocks();
        pages(keys, page -> {
            var links = hub.read(tx -> tx.links().of(page));
            copy.write(tx -> {
                tx.links()
                        .save(links.stream()
                                .filter(link -> tx.records()
                                                .find(List.of(link.a(), link.b()))
                                                .size()
                                        == 2)
                                .toList());
                return null;
            });
        });
        each((tx, cursor) -> tx.merges().listOldestFirst(cursor, PAGE), (tx, merges) -> tx.merges()
                .save(merges.stream()
                        .filter(merge -> {
                            var goldens = new HashSet<>(merge.absorbed());
                            goldens.add(merge.survivor());
                            return tx.goldens().find(goldens).size() == goldens.size();
                        })
                        .toList()));
        var reviews = new Reviews.Filter(null, null, null, null, null, "openedAt");
        each((tx, cursor) -> tx.reviews().list(reviews, cursor, PAGE), (tx, page) -> tx.reviews()
                .save(page));
        each((tx, cursor) -> tx.outbox().listOldestFirst(null, null, cursor, PAGE), (tx, page) -> tx.outbox()
                .save(page));
        each(
                (tx, cursor) -> tx.deletions().listOldestFirst(Deletions.Filter.ALL, cursor, PAGE),
                (tx, page) -> tx.deletions().save(page));
        erasures();
        versions();
        return copy;
    }

    private void erasures() {
        var secret = hub.read(tx -> tx.erasures().secret());
        if (secret.isEmpty()) return;
        copy.write(tx -> tx.erasures().keepSecret(secret.get()));
        each((tx, cursor) -> tx.erasures().list(null, cursor, PAGE), (tx, page) -> tx.erasures()
                .save(page));
        each((tx, cursor) -> tx.erasures().suppressions(cursor, PAGE), (tx, page) -> tx.erasures()
                .suppress(page));
    }

    private <T> void each(BiFunction<HubTransaction, String, Page<T>> list, BiConsumer<HubTransaction, List<T>> keep) {
        String cursor = null;
        do {
            var from = cursor;
            var page = hub.read(tx -> list.apply(tx, from));
            copy.write(tx -> {
                keep.accept(tx, page.items());
                return null;
            });
            cursor = page.next();
            watch.still();
        } while (cursor != null);
    }

    private <T> void pages(List<T> all, java.util.function.Consumer<List<T>> work) {
        for (int from = 0; from < all.size(); from += PAGE) {
            work.accept(all.subList(from, Math.min(all.size(), from + PAGE)));
            watch.still();
        }
    }

    private void documents() {
        for (var kind : KINDS) {
            for (var document : hub.read(tx -> tx.journal().documents(kind))) {
                var versions = new ArrayList<>(hub.read(tx -> tx.journal().versions(kind, document.name())));
                Collections.reverse(versions);
                copy.write(tx -> {
                    for (var version : versions)
                        tx.journal().publish(kind, version.name(), version.body(), version.by(), version.at());
                    return null;
                });
            }
        }
        for (var type : model.get().entityTypes()) {
            checkpoint(HubModel.RULES, type.name());
            checkpoint(MergeBrake.JOURNAL, type.name());
        }
        for (var system : model.get().systems()) {
            if (unread.contains(system.id())) continue;
            system.streams().forEach(stream -> checkpoint(system.id(), stream.stream()));
        }
    }

    private void checkpoint(String system, String stream) {
        hub.read(tx -> tx.journal().checkpoint(system, stream))
                .ifPresent(position -> copy.write(tx -> {
                    tx.journal().saveCheckpoint(system, stream, position, now);
                    return null;
                }));
    }

    private void goldens() {
        var merged = merged();
        var all = new Goldens.Filter(null, null, null, null, Map.of(), 0, "id", false);
        each((tx, cursor) -> tx.goldens().list(all, cursor, PAGE), (tx, goldens) -> {
            tx.goldens().save(goldens, List.of());
            var seats = seats(goldens);
            var there = tx.records()
                    .find(seats.stream().map(Membership::record).toList())
                    .keySet();
            tx.goldens()
                    .assign(seats.stream()
                            .filter(seat -> there.contains(seat.record()))
                            .toList());
            goldens.forEach(golden -> golden.values().values().forEach(value -> seen(value.version())));
            histories(tx, goldens, merged);
        });
    }

    private void seen(long version) {
        lastVersion = Math.max(lastVersion, version);
    }

    /** A version that only a value had which is gone again counts too, so some are left out. */
    private void versions() {
        copy.write(tx -> {
            for (long left = lastVersion + GAP; left > 0; left -= Integer.MAX_VALUE)
                tx.goldens().reserveVersions((int) Math.min(left, Integer.MAX_VALUE));
            return null;
        });
    }

    private List<Membership> seats(Collection<GoldenRecord> goldens) {
        var ids = goldens.stream().map(GoldenRecord::id).toList();
        return hub.read(tx -> tx.goldens().members(ids)).values().stream()
                .flatMap(List::stream)
                .map(Goldens.Member::membership)
                .toList();
    }

    /** The goldens of merges that can be taken back: what they were before them is given back. */
    private Set<String> merged() {
        var merged = new HashSet<String>();
        String cursor = null;
        do {
            var from = cursor;
            var page = hub.read(tx -> tx.merges().listOldestFirst(from, PAGE));
            for (var merge : page.items()) {
                if (merge.undoneAt() != null) continue;
                merged.add(merge.survivor());
                merged.addAll(merge.absorbed());
            }
            cursor = page.next();
            watch.still();
        } while (cursor != null);
        return merged;
    }

    /** Only of goldens that were merged, or changed lately and may be going back and forth. */
    private void histories(HubTransaction tx, Collection<GoldenRecord> goldens, Set<String> merged) {
        for (var golden : goldens) {
            boolean whole = merged.contains(golden.id());
            if (!whole && !LoopBreaker.changedLately(golden, now)) continue;
            int most = whole ? Integer.MAX_VALUE : Oscillation.REVISIONS;
            var history = new ArrayList<>(hub.read(base -> base.goldens().history(golden.id(), most)));
            Collections.reverse(history);
            tx.goldens().save(List.of(), history);
        }
    }

    /** Who holds which block keys, and which too many hold. */
    private void blocks() {
        pages(keys, page -> {
            var held = hub.read(tx -> tx.blocks().of(page));
            var claims = new TreeSet<String>();
            held.values().forEach(claims::addAll);
            copy.write(tx -> {
                tx.blocks().claim(claims, 0);
                tx.blocks().assign(held);
                return null;
            });
        });
        var generic = hub.read(tx -> tx.blocks().generic(Integer.MAX_VALUE));
        copy.write(tx -> {
            tx.blocks().markGeneric(generic.stream().map(BlockKey::value).toList());
            return null;
        });
    }
}
