package io.kintsugi.server.bench;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Goldens;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.Wiring;
import io.kintsugi.server.config.Settings;
import io.kintsugi.server.engine.load.FirstLoader;
import io.kintsugi.server.engine.load.Loader;
import io.kintsugi.server.engine.load.Loader.Job;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A first load and a load page by page of the same file make the same hub: compared with golden ids by the smallest record of each, and
 * without instants, versions and the history that depends on who came first.
 */
class FirstLoadIT {
    private static final int PERSONS = 1_000;

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "ID-2: a first load makes the hub that a load page by page makes, and what comes later has the same effect on both")
    void bothWaysMakeTheSameHub() throws Exception {
        Bench.writeCsv(folder.resolve("persons.csv"), PERSONS);
        var oddRows = List.of(
                "odd1,shop,\"Zo\u00eb \"\"Z\"\"\",,\"O'Brien; \u00e9\",1971-02-08,\"8 Ridge St\nback house\",Austin,TX,73301,,zoe@brien.example,",
                "odd2,nobody-knows,,,,,,,,,,,", // nothing identifies it
                ",shop,No,,Id,,,,,,,,"); // cannot be read
        Files.write(folder.resolve("persons.csv"), oddRows, StandardOpenOption.APPEND);
        try (var paged = open("paged");
                var first = open("first")) {
            var one = load(paged, false);
            var other = load(first, true);
            assertThat(other.counts()).isEqualTo(one.counts());
            assertThat(other.counts()).containsEntry("stored", PERSONS + 2L).containsEntry("unmappable", 1L);
            same(paged, first);
            feedIsWhole(first);

            change(paged);
            change(first);
            same(paged, first);
            feedIsWhole(first);

            load(paged, false);
            assertThat(load(first, false).counts()) // the edited one goes back
                    .containsEntry("unchanged", PERSONS + 1L)
                    .containsEntry("stored", 1L);
            same(paged, first);
            assertThat(first.obstacleToFirstLoad("contact")).contains("the hub holds records already");
        }
    }

    private Wiring open(String name) throws IOException {
        return Wiring.open(Settings.of(Map.of(
                "KINTSUGI_DATA", Files.createDirectories(folder.resolve(name)).toString())));
    }

    private Job job() {
        var fields = new TreeMap<>(Map.of(
                "first_name", "firstName",
                "middle_name", "middleName",
                "last_name", "lastName",
                "dob", "birthDate",
                "street", "street",
                "city", "city",
                "postcode", "postcode",
                "phone", "phone",
                "email", "email"));
        var mapping = new StreamMapping(
                "persons",
                "contact",
                fields.entrySet().stream()
                        .map(field -> new FieldMapping(field.getKey(), field.getValue(), List.of(), false))
                        .toList(),
                false,
                false,
                null);
        var read = new ArrayList<>(fields.keySet());
        read.add("source");
        return new Job("load", "persons.csv", new Query("persons", read), mapping, row -> row.fields()
                .get("source")
                .toString());
    }

    private Run load(Wiring wiring, boolean first) throws Exception {
        return load(wiring, first, "persons.csv");
    }

    private Run load(Wiring wiring, boolean first, String file) throws Exception {
        var system = new SystemConfig(
                "load",
                "load",
                "file",
                Map.of("folder", folder.toString(), "streams", Map.of("persons", file), "quietSeconds", 0),
                Duration.ofSeconds(5),
                List.of());
        var job = job();
        try (var connector = wiring.connectors().open(system)) {
            var rows = connector.facet(SnapshotSource.class).orElseThrow();
            if (!first) {
                var named = new Job(job.system(), file, job.query(), job.mapping(), job.systemOf());
                return new Loader(wiring.hub(), wiring.clock(), wiring.ids()).load(named, rows, progress -> {});
            }
            assertThat(wiring.obstacleToFirstLoad("contact")).isEmpty();
            try (var all = wiring.firstLoad(job.mapping())) {
                return new FirstLoader(wiring.hub(), wiring.clock(), wiring.ids())
                        .load(job, rows, all, progress -> {}, stage -> {});
            }
        }
    }

    /** One joins, one is edited until it leaves, and what one merge brought together is taken apart. */
    private void change(Wiring wiring) throws Exception {
        var hub = wiring.hub();
        var lines = Files.readAllLines(folder.resolve("persons.csv"));
        var twin = lines.get(5).split(",", 3);
        var edited = lines.get(9).split(",", 3);
        Files.write(
                folder.resolve("more.csv"),
                List.of(
                        lines.get(0),
                        "new1," + twin[1] + "," + twin[2],
                        edited[0] + "," + edited[1] + ",Quite,,Different,1901-01-01,,,,,,quite@different.example,"));
        load(wiring, false, "more.csv");
        List<String> two = hub.store().read(tx -> {
            var goldens = goldens(tx);
            return List.copyOf(new TreeMap<>(goldens).values()).subList(10, 12);
        });
        MergeEvent merged = hub.stewardship().merge(two, two.get(0), revisions(wiring, two), "one", "me");
        var survivor = List.of(merged.survivor());
        hub.stewardship()
                .unmerge(
                        merged.id(),
                        UnmergeMode.SINGLE,
                        revisions(wiring, survivor).get(merged.survivor()),
                        "two",
                        "me");
    }

    private static Map<String, Long> revisions(Wiring wiring, List<String> ids) {
        return wiring.hub().store().read(tx -> {
            var revisions = new HashMap<String, Long>();
            tx.goldens().find(ids).forEach((id, golden) -> revisions.put(id, golden.revision()));
            return revisions;
        });
    }

    private static void feedIsWhole(Wiring wiring) {
        List<GoldenRevision> feed = wiring.hub().store().read(tx -> tx.goldens().feed(0, 100_000));
        for (int i = 0; i < feed.size(); i++) assertThat(feed.get(i).sequence()).isEqualTo(i + 1L);
        assertThat(feed.size()).isGreaterThan(PERSONS / 4);
        long end = wiring.hub().store().read(tx -> tx.goldens().feedEnd());
        assertThat(end).isEqualTo(feed.size());
    }

    private static void same(Wiring one, Wiring other) {
        List<String> expected = one.hub().store().read(tx -> dump(tx, one));
        List<String> found = other.hub().store().read(tx -> dump(tx, other));
        assertThat(found).containsExactlyElementsOf(expected).hasSizeGreaterThan(4 * PERSONS);
    }

    /** Goldens in use by their smallest record. */
    private static Map<String, String> goldens(HubTransaction tx) {
        var ids = new ArrayList<String>();
        String cursor = null;
        do {
            var page = tx.goldens().list(Goldens.Filter.all(), cursor, 500);
            page.items().forEach(golden -> ids.add(golden.id()));
            cursor = page.next();
        } while (cursor != null);
        var names = new TreeMap<String, String>();
        tx.goldens()
                .members(ids)
                .forEach(
                        (id, members) -> names.put(members.get(0).record().key().toString(), id));
        return names;
    }

    private static List<String> dump(HubTransaction tx, Wiring wiring) {
        var lines = new TreeSet<String>();
        var names = new HashMap<String, String>();
        goldens(tx).forEach((name, id) -> names.put(id, name));
        var found = tx.goldens().find(names.keySet());
        var versions = new TreeSet<Long>();
        var records = new ArrayList<SourceRecord>();
        tx.goldens().members(names.keySet()).forEach((id, members) -> {
            var golden = found.get(id);
            lines.add("golden " + names.get(id) + " " + golden.label() + " under "
                    + under(tx, id) + " "
                    + new TreeMap<>(golden.values())
                            .entrySet().stream()
                                    .map(value -> value.getKey() + "="
                                            + value.getValue().value() + " from "
                                            + value.getValue().from() + " by "
                                            + value.getValue().rule() + " "
                                            + value.getValue().policyVersion())
                                    .collect(joining(", ")));
            golden.values().values().forEach(value -> assertThat(versions.add(value.version()))
                    .isTrue());
            for (var member : members) {
                records.add(member.record());
                lines.add("member " + member.record().key() + " of " + names.get(id) + " "
                        + member.membership().origin() + " "
                        + new TreeSet<>(member.membership().contributes()));
            }
        });
        assertThat(tx.records().counts().stream()
                                .mapToLong(count -> count.records())
                                .sum()
                        - 1)
                .isEqualTo(records.size()); // but for the one without anything
        for (var count : tx.records().counts()) lines.add("count " + count);
        for (var record : records) {
            lines.add("record " + record.key() + " " + record.state() + " " + record.stream() + " "
                    + new TreeMap<>(record.attributes()) + " "
                    + new TreeSet<>(record.states().keySet()) + " " + record.sourceAt() + " "
                    + record.version());
        }
        var keys = records.stream().map(SourceRecord::key).toList();
        tx.links().of(keys).forEach(link -> lines.add(text(link)));
        blockKeys(tx, wiring, records, lines);
        String cursor = null;
        do {
            var page = tx.reviews()
                    .list(new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "openedAt"), cursor, 500);
            page.items().forEach(review -> lines.add(text(review, names)));
            cursor = page.next();
        } while (cursor != null);
        assertThat(tx.records().pending(1)).isEmpty();
        return List.copyOf(lines);
    }

    /** What the changes of a golden say under which policies they were decided. */
    private static Set<String> under(HubTransaction tx, String golden) {
        return tx.goldens().history(golden, 99).stream()
                .map(GoldenRevision::policies)
                .collect(toCollection(TreeSet::new));
    }

    private static String text(Link link) {
        return "link " + link.a() + " " + link.b() + " " + link.origin() + " " + link.decision() + " " + link.state()
                + " " + link.score() + " " + link.evidence() + " " + link.blockKey() + " " + link.by();
    }

    private static String text(Review review, Map<String, String> names) {
        return "review " + review.id() + " " + review.kind() + " " + review.entityType() + " "
                + review.goldens().stream()
                        .map(id -> String.valueOf(names.get(id)))
                        .sorted()
                        .toList() + " " + review.records() + " "
                + review.score() + " " + review.reason() + " under " + review.policies();
    }

    private static void blockKeys(
            HubTransaction tx, Wiring wiring, Collection<SourceRecord> records, Collection<String> lines) {
        var matcher = wiring.hub().model().rules("contact").matcher();
        var keys = new TreeSet<String>();
        for (var record : records) keys.addAll(matcher.blockKeys(matcher.profile(record.key(), record.evidence())));
        var found = tx.blocks().find(keys);
        assertThat(found).hasSameSizeAs(keys);
        found.values().forEach(key -> lines.add("key " + key.value() + " " + key.records() + " " + key.generic()));
        int step = Math.max(1, keys.size() / 50);
        int place = 0;
        for (var key : keys) {
            if (place++ % step == 0) {
                lines.add("holders " + key + " "
                        + tx.blocks().holders(key, 100).stream()
                                .map(RecordKey::toString)
                                .toList());
            }
        }
    }
}
