package io.kintsugi.server.engine.load;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.FirstLoad;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.inbound.Intake;
import io.kintsugi.server.engine.inbound.Intake.Counts;
import io.kintsugi.server.engine.inbound.Position;
import io.kintsugi.server.engine.load.Loader.Job;
import io.kintsugi.server.engine.load.Loader.Progress;
import io.kintsugi.server.engine.resolution.Resolver.Occasion;
import io.kintsugi.server.engine.resolution.Resolving;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.Memory;
import io.kintsugi.server.engine.shared.ProfileCache;
import io.kintsugi.server.engine.shared.ReferenceBook;
import io.kintsugi.server.match.BatchMatch;
import io.kintsugi.server.match.Shares;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Loads rows into a store that holds no record yet. All are read first and compared in memory; then records that may have to do with
 * each other are stored and resolved together, by the same code as the page of a load. So the result is that of a load whose pages
 * happened to hold the right records.
 */
public final class FirstLoader {
    private static final int PAGE = 2000;
    private static final int MOST_BEGINNINGS = 3;

    private final Hub hub;
    private final Clock clock;
    private final Loader loader;

    public FirstLoader(Hub hub, Clock clock, Ids ids) {
        this.hub = hub;
        this.clock = clock;
        this.loader = new Loader(hub, clock, ids);
    }

    /** What was read. */
    private static final class Reading {
        final PackedObservations seen;
        final List<Profile> profiles = new ArrayList<>();
        final List<Intake.Batch> rest = new ArrayList<>();
        long parked;
        Matcher matcher; // of the last profiles
        int changed; // first profile of that matcher

        Reading(String stream) {
            seen = new PackedObservations(stream);
        }
    }

    /**
     * Loads from the beginning to the end, and keeps the load.
     *
     * @param watcher told what is done, from one thread at a time; {@code resolved} grows only once all is read
     * @param stages told what comes next, in a few words
     * @return the finished run
     * @throws ConnectorException if the rows cannot be read; nothing of them is kept
     */
    public Run load(Job job, SnapshotSource rows, FirstLoad first, Consumer<Progress> watcher, Consumer<String> stages)
            throws ConnectorException {
        var place = loader.beginning(job);
        var reading = read(job, rows, watcher);
        var matcher = hub.model().rules(job.mapping().entityType()).matcher();
        int size = reading.seen.size();
        var order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparing(reading.seen::key)) // stable: the first of equals comes first
                .mapToInt(i -> i)
                .toArray();
        var repeats = new ArrayList<Integer>();
        order = withoutRepeats(order, reading.seen, repeats);
        var profiles = profiles(reading, order, matcher);
        stages.accept(String.format(Locale.ROOT, "comparing %,d records", order.length));
        var candidates = BatchMatch.candidates(matcher, profiles, done -> {});
        var batches = batches(components(candidates, order.length));
        first.write(tx -> {
            tx.blocks().markGeneric(candidates.tooCommon());
            return null;
        });
        stages.accept("resolving them");
        var counts = resolve(first, reading, order, profiles, batches, new HashSet<>(candidates.tooCommon()), watcher);
        Arrays.fill(profiles, null);
        first.open(stages);
        counts = counts.plus(storeRest(job, reading, repeats));
        var done = place.at(new Position(null, null, true), counts);
        var run = done.ended(clock.instant(), null);
        hub.store().write(tx -> {
            tx.journal()
                    .saveCheckpoint(
                            job.system(),
                            job.checkpoint(),
                            Loader.text(done.run(), job, done.position()),
                            run.endedAt());
            tx.journal().saveRun(run);
            return null;
        });
        first.keep();
        hub.events().publish("run.progress", run);
        watcher.accept(new Progress(run.counts(), order.length, List.of()));
        return run;
    }

    private Reading read(Job job, SnapshotSource rows, Consumer<Progress> watcher) throws ConnectorException {
        for (int beginnings = 1; ; beginnings++) {
            var reading = new Reading(job.mapping().stream());
            try (var pages = new ReadAhead(job, rows, null, PAGE, page -> {})) {
                for (boolean last = false; !last; ) {
                    var page = pages.next();
                    last = page.position().snapshotDone();
                    take(page, job.mapping().entityType(), reading);
                    long read = reading.seen.size() + reading.parked;
                    watcher.accept(new Progress(Map.of("read", read), 0, page.parked()));
                }
                return reading;
            } catch (ConnectorException.CheckpointExpired e) { // the rows changed while they were read
                if (beginnings == MOST_BEGINNINGS) throw e;
            }
        }
    }

    private void take(LoadedPage page, String entityType, Reading reading) {
        var matcher = hub.model().rules(entityType).matcher();
        if (matcher != reading.matcher) { // a row made a system known
            reading.matcher = matcher;
            reading.changed = reading.profiles.size();
        }
        var observations = page.observations();
        reading.profiles.addAll(observations.parallelStream()
                .map(seen -> matcher.profile(seen.key(), seen.attributes()))
                .toList());
        observations.forEach(reading.seen::add);
        page.rest().ifPresent(reading.rest::add);
        reading.parked += page.parked().size();
    }

    /** @param repeats takes the places of rows whose record another row is about, too */
    private static int[] withoutRepeats(int[] order, PackedObservations seen, List<Integer> repeats) {
        var kept = new int[order.length];
        int count = 0;
        for (int place : order) {
            if (count > 0 && seen.key(kept[count - 1]).equals(seen.key(place))) repeats.add(place);
            else kept[count++] = place;
        }
        repeats.sort(null);
        return Arrays.copyOf(kept, count);
    }

    private static Profile[] profiles(Reading reading, int[] order, Matcher matcher) {
        var profiles = new Profile[order.length];
        IntStream.range(0, order.length).parallel().forEach(i -> {
            int place = order[i];
            boolean current = reading.matcher == matcher && place >= reading.changed;
            profiles[i] = current
                    ? reading.profiles.get(place)
                    : matcher.profile(
                            reading.seen.key(place), reading.seen.get(place).attributes());
        });
        reading.profiles.clear();
        return profiles;
    }

    /** For each record the smallest one that it is connected to by links and questions. */
    private static int[] components(BatchMatch.Candidates candidates, int records) {
        var parent = IntStream.range(0, records).toArray();
        var pairs = candidates.pairs();
        for (int i = 0; i < pairs.size(); i++) {
            int a = root(parent, pairs.a(i));
            int b = root(parent, pairs.b(i));
            parent[Math.max(a, b)] = Math.min(a, b);
        }
        for (int i = 0; i < records; i++) parent[i] = root(parent, i);
        return parent;
    }

    private static int root(int[] parent, int i) {
        while (parent[i] != i) {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        return i;
    }

    /** Positions of records, those of a component together, in parts of about a page. */
    private static List<int[]> batches(int[] components) {
        var order = new long[components.length];
        for (int i = 0; i < order.length; i++) order[i] = (long) components[i] << 32 | i;
        Arrays.parallelSort(order);
        var batches = new ArrayList<int[]>();
        for (int from = 0, to; from < order.length; from = to) {
            to = Math.min(order.length, from + PAGE);
            while (to < order.length && order[to] >>> 32 == order[to - 1] >>> 32) to++;
            batches.add(Arrays.stream(order, from, to).mapToInt(i -> (int) i).toArray());
        }
        return batches;
    }

    private Counts resolve(
            FirstLoad first,
            Reading reading,
            int[] order,
            Profile[] profiles,
            List<int[]> batches,
            Set<String> generic,
            Consumer<Progress> watcher) {
        var now = clock.instant();
        var total = new Object() {
            Counts counts = Counts.NONE;
            long records;
        };
        Shares.of(batches.size(), number -> {
            var batch = batches.get(number);
            var seen = Arrays.stream(batch)
                    .mapToObj(i -> reading.seen.get(order[i]))
                    .toList();
            var memory = new Memory(new ProfileCache(), generic);
            for (int i = 0; i < batch.length; i++) {
                var profile = profiles[batch[i]];
                profiles[batch[i]] = null;
                memory.profiles()
                        .keep(matcherOf(profile), ContentHash.of(seen.get(i).attributes()), profile);
            }
            var counts = first.write(tx -> {
                var created = new TreeSet<RecordKey>();
                var taken = take(tx, seen, now, created);
                hub.resolver().with(memory).resolve(tx, created, Occasion.RULES);
                return taken;
            });
            synchronized (total) {
                total.counts = total.counts.plus(counts);
                total.records += seen.size();
                watcher.accept(
                        new Progress(Map.of("read", reading.seen.size() + reading.parked), total.records, List.of()));
            }
        });
        return total.counts;
    }

    private Matcher matcherOf(Profile profile) {
        return hub.model().rules(profile.key().entityType()).matcher();
    }

    private Counts take(HubTransaction tx, Collection<Observation> seen, Instant now, SortedSet<RecordKey> created) {
        var bySystem = new TreeMap<String, List<Observation>>();
        for (var one : seen) {
            bySystem.computeIfAbsent(one.key().system(), s -> new ArrayList<>()).add(one);
        }
        var counts = Counts.NONE;
        for (var entry : bySystem.entrySet()) {
            var one = entry.getValue().get(0);
            var batch = new Intake.Batch(
                    entry.getKey(),
                    entry.getKey(),
                    one.stream(),
                    one.key().entityType(),
                    entry.getValue(),
                    Map.of(),
                    List.of(),
                    List.of(),
                    null);
            var taken = new Intake(hub.model()).take(tx, batch, now);
            counts = counts.plus(taken.counts());
            created.addAll(taken.created());
        }
        return counts;
    }

    /**
     * What records refer to may be in any part, so it is noted once all are in.
     *
     * @return whether records wait because of it
     */
    private boolean noteReferences(StreamMapping mapping) {
        var model = hub.model().get();
        var entityType = mapping.entityType();
        var type = model.entityType(entityType);
        boolean refers = mapping.fields().stream().anyMatch(field -> type.attribute(field.attribute())
                .filter(attribute -> attribute.refersTo() != null)
                .isPresent());
        boolean any = false;
        for (var system : refers ? model.systems() : List.<SystemConfig>of()) {
            String cursor = null;
            do {
                var from = cursor;
                var page = hub.store().read(tx -> tx.records().list(system.id(), entityType, from, PAGE));
                var waiting = page.items().stream()
                        .filter(record ->
                                !Referents.named(type, List.of(record)).isEmpty())
                        .toList();
                hub.store().write(tx -> {
                    new ReferenceBook(tx, model).note(waiting);
                    tx.records()
                            .markPending(waiting.stream().map(SourceRecord::key).toList());
                    return null;
                });
                any |= !waiting.isEmpty();
                cursor = page.next();
            } while (cursor != null);
        }
        return any;
    }

    /** Rows that could not be taken, and those of records that other rows were about, in the order of the rows. */
    private Counts storeRest(Job job, Reading reading, List<Integer> repeats) {
        var counts = Counts.NONE;
        for (var batch : reading.rest) {
            counts = counts.plus(hub.store().write(tx -> new Intake(hub.model())
                    .take(tx, batch, clock.instant())
                    .counts()));
        }
        for (int from = 0; from < repeats.size(); from += PAGE) {
            var seen = repeats.subList(from, Math.min(repeats.size(), from + PAGE)).stream()
                    .map(reading.seen::get)
                    .toList();
            counts = counts.plus(hub.store().write(tx -> take(tx, seen, clock.instant(), new TreeSet<>())));
        }
        if (noteReferences(job.mapping()) || !repeats.isEmpty()) {
            var resolving = new Resolving(hub.store(), hub.resolver(), clock);
            for (boolean more = true; more; ) more = resolving.step();
        }
        return counts;
    }
}
