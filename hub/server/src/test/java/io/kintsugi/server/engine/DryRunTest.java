package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Goldens.Filter;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.dryrun.DryChange.Kind;
import io.kintsugi.server.engine.dryrun.DryReport;
import io.kintsugi.server.engine.dryrun.DryRun.Change;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DryRunTest extends DryRunScenes {
    private static final Map<String, String> FIELDS = Map.of(
            "firstName",
            "first",
            "lastName",
            "last",
            "email",
            "email",
            "phone",
            "phone",
            "city",
            "city",
            "birthDate",
            "born");

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("kintsugi.dryruns", 60));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("SYN-11: the dry run of a first reading tells exactly what the first reading then does")
    void theFirstReadingIsItsDryRun(long seed) {
        theFirstReading(new MemoryHubStore(), seed);
    }

    void theFirstReading(HubStore empty, long seed) {
        var random = new Random(seed);
        var hub = new HubUnderTest(empty, random.nextBoolean(), "crm", "erp", "web");
        people(hub, seed, 12);
        var web = hub.systems.remove("web");
        hub.settle();
        hub.systems.put("web", web);
        foretold(hub, Change.reading(Set.of("web"), hub.model.get()), hub::settle);
        assertThat(opened).contains("web");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("SYN-11: the dry run of a system that is configured anew tells exactly what it leads to")
    void anotherSystem(long seed) {
        var random = new Random(seed);
        var hub = new HubUnderTest(new MemoryHubStore(), random.nextBoolean(), "crm", "erp", "web");
        people(hub, seed, 12);
        var web = hub.systems.remove("web");
        other = web;
        var all = hub.model.get();
        hub.model.publish(with(
                all, all.systems().stream().filter(s -> !s.id().equals("web")).toList()));
        hub.settle();
        foretold(hub, new Change(Set.of(), store -> all, store -> {}), () -> {
            hub.systems.put("web", web);
            hub.model.publish(all);
            hub.settle();
        });
        assertThat(opened).contains("web");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName(
            "SYN-11: the dry run of another authority tells exactly what its publication writes, and reads no system")
    void anotherAuthority(long seed) {
        var random = new Random(seed);
        var hub = new HubUnderTest(new MemoryHubStore(), random.nextBoolean(), "crm", "erp", "web");
        hub.trust(AuthorityPreviewTest.policy(random, 1));
        people(hub, seed, 12);
        hub.settle();
        edits(hub, random);
        hub.settle();
        var draft = AuthorityPreviewTest.policy(random, 2);
        foretold(hub, new Change(Set.of(), store -> with(hub.model.get(), draft), DryRunTest::rematch), () -> {
            hub.trust(draft);
            hub.settle();
        });
        assertThat(opened).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("SYN-11: the dry run of other match rules tells exactly what is merged, split, asked and written then")
    void otherRules(long seed) {
        otherRules(new MemoryHubStore(), seed);
    }

    void otherRules(HubStore empty, long seed) {
        var random = new Random(seed);
        var hub = new HubUnderTest(empty, random.nextBoolean(), "crm", "erp", "web");
        rules(hub, random.nextBoolean() ? 6 : 25, random.nextInt(3));
        people(hub, seed, 14);
        hub.settle();
        var draft = with(hub.model.get(), random.nextBoolean() ? 8 : 18, random.nextInt(6));
        foretold(hub, new Change(Set.of(), store -> draft, DryRunTest::rematch), () -> {
            hub.model.publish(draft);
            rematch(hub.store);
            hub.settle();
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName(
            "SYN-11: the dry run of reading a system again tells exactly what its missing records lead to elsewhere")
    void theDeletesOfAReading(long seed) {
        var random = new Random(seed);
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "erp", "web");
        people(hub, seed, 30);
        hub.deletes(new DeletePolicy(
                "contact",
                1,
                new DeletePolicy.Rule(
                        Deletion.Action.values()[random.nextInt(6)],
                        Deletion.Action.FLAG,
                        random.nextBoolean() ? Duration.ZERO : Duration.ofHours(3),
                        DeletePolicy.Conflict.values()[random.nextInt(DeletePolicy.Conflict.values().length)]),
                List.of(),
                new DeletePolicy.Brake(random.nextBoolean() ? 25 : 1, 1, Duration.ofHours(24))));
        hub.settle();
        var crm = List.copyOf(hub.system("crm").records().keySet());
        var gone = crm.stream().limit(1 + random.nextInt(3)).toArray(String[]::new);
        hub.system("crm").forget(gone);
        foretold(hub, Change.reading(Set.of("crm"), hub.model.get()), hub::settle);
    }

    /** Compares what a dry run tells with what then happens. */
    private void foretold(HubUnderTest hub, Change change, Runnable really) {
        hub.systems.values().forEach(system -> system.effects.clear());
        var before = goldens(hub);
        var asked = questions(hub);
        long writes = writes(hub);
        var report = dry(hub, change);
        assertThat(writes(hub)).as("a dry run stores nothing").isEqualTo(writes);
        hub.systems.values().forEach(system -> assertThat(system.effects).isEmpty());
        really.run();
        assertThat(told(report, Kind.CREATE, Kind.UPDATE, Kind.DELETE)).isEqualTo(sent(hub));
        var survivors = new TreeSet<String>();
        before.keySet().forEach(id -> {
            var now = hub.currentId(id);
            if (!now.equals(id)) survivors.add(now + " <- " + id);
        });
        var merged = new TreeSet<String>();
        report.changes().stream().filter(c -> c.kind() == Kind.MERGE).forEach(c -> c.goldens().stream()
                .skip(1)
                .forEach(id -> merged.add(c.goldens().get(0) + " <- " + id)));
        assertThat(merged).isEqualTo(survivors);
        var questions = questions(hub);
        questions.keySet().removeAll(asked.keySet());
        assertThat(report.changes().stream()
                        .filter(c -> c.kind() == Kind.QUESTION)
                        .map(c -> plain(c.record())))
                .containsExactlyInAnyOrderElementsOf(questions.values());
        var after = goldens(hub);
        assertThat(report.goldens().added())
                .isEqualTo(after.keySet().stream()
                        .filter(id -> !before.containsKey(id))
                        .count());
        assertThat(report.goldens().retired())
                .isEqualTo(before.keySet().stream()
                        .filter(id -> !after.containsKey(id))
                        .count());
        var totals = new TreeMap<Kind, Long>();
        report.changes().forEach(c -> totals.merge(c.kind(), 1L, Long::sum));
        var counted = new TreeMap<>(report.hub());
        report.systems().values().forEach(kinds -> kinds.forEach((kind, n) -> counted.merge(kind, n, Long::sum)));
        assertThat(counted).isEqualTo(totals);
    }

    private static List<String> told(DryReport report, Kind... kinds) {
        var told = new ArrayList<String>();
        for (var change : report.changes()) {
            if (!Set.of(kinds).contains(change.kind())) continue;
            var values = new TreeMap<String, String>();
            for (var value : change.values()) values.put(value.field(), value.to() == null ? "" : value.to());
            if (change.kind() == Kind.CREATE) values.values().removeIf(String::isEmpty);
            var record = change.record() == null
                    ? "new"
                    : RecordKey.parse(change.record()).externalId();
            told.add(change.kind() + " " + change.system() + " " + record + " " + values);
        }
        told.sort(null);
        return told;
    }

    /** What the systems were really asked, several writes of one record as one. */
    private static List<String> sent(HubUnderTest hub) {
        var sent = new ArrayList<String>();
        hub.systems.forEach((name, system) -> {
            var byKey = new HashMap<Object, String>();
            system.records().forEach((id, record) -> byKey.put(record.fields().get(SimulatedSystem.LINK_KEY), id));
            var values = new TreeMap<String, Map<String, String>>();
            var kinds = new TreeMap<String, String>();
            for (var op : system.effects) {
                if (op instanceof WriteOp.Create create) {
                    var id = String.valueOf(byKey.get(create.linkKey()));
                    kinds.put(id, "CREATE");
                    create.set().forEach((field, value) -> values.computeIfAbsent(id, i -> new TreeMap<>())
                            .put(field, String.valueOf(value)));
                } else if (op instanceof WriteOp.Update update) {
                    kinds.putIfAbsent(update.id(), "UPDATE");
                    var all = values.computeIfAbsent(update.id(), i -> new TreeMap<>());
                    update.set().forEach((field, value) -> all.put(field, String.valueOf(value)));
                    update.clear().forEach(field -> all.put(field, ""));
                } else if (op instanceof WriteOp.Delete delete) {
                    kinds.put(delete.id(), "DELETE");
                    values.put(delete.id(), new TreeMap<>());
                }
            }
            kinds.forEach((id, kind) -> {
                var all = values.get(id);
                if (kind.equals("CREATE")) all.values().removeIf(String::isEmpty);
                sent.add(kind + " " + name + " " + (kind.equals("CREATE") ? "new" : id) + " " + all);
            });
        });
        sent.sort(null);
        return sent;
    }

    private static Map<String, GoldenRecord> goldens(HubUnderTest hub) {
        var goldens = new TreeMap<String, GoldenRecord>();
        hub.store
                .read(tx -> tx.goldens().list(Filter.all(), null, 10_000).items())
                .forEach(golden -> goldens.put(golden.id(), golden));
        return goldens;
    }

    /** First record of each open question, by its id. */
    private static Map<String, String> questions(HubUnderTest hub) {
        var questions = new TreeMap<String, String>();
        var open = new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "openedAt");
        hub.store
                .read(tx -> tx.reviews().list(open, null, 10_000).items())
                .forEach(review ->
                        questions.put(review.id(), plain(review.records().get(0).toString())));
        return questions;
    }

    /** What was just created has another id each time. */
    private static String plain(String record) {
        return record.replaceAll(":[^:]*new[^:]*$", ":new");
    }

    private static void people(HubUnderTest hub, long seed, int people) {
        for (var row : People.some(people, seed)) {
            var fields = new HashMap<String, Object>();
            row.attributes().forEach((attribute, value) -> fields.put(FIELDS.get(attribute), value));
            hub.clock.advance(Duration.ofMinutes(1));
            hub.system(row.system()).edit(row.id(), fields);
        }
    }

    private static void edits(HubUnderTest hub, Random random) {
        for (int i = 0; i < 8; i++) {
            var system = new ArrayList<>(hub.systems.values()).get(random.nextInt(3));
            var ids = List.copyOf(system.records().keySet());
            hub.clock.advance(Duration.ofHours(1));
            system.edit(ids.get(random.nextInt(ids.size())), Map.of("city", "City" + random.nextInt(5)));
        }
    }

    private static HubModel with(HubModel model, List<SystemConfig> systems) {
        return new HubModel(model.entityTypes(), model.matching(), model.authority(), model.deletes(), systems);
    }

    private static HubModel with(HubModel model, AuthorityPolicy policy) {
        return new HubModel(
                model.entityTypes(), model.matching(), Map.of("contact", policy), model.deletes(), model.systems());
    }

    private static HubModel with(HubModel model, double auto, double review) {
        var policy = model.matching().get("contact");
        var rules = policy.rules().withThresholds(auto, Math.min(auto, review));
        return new HubModel(
                model.entityTypes(),
                Map.of("contact", new MatchPolicy("contact", policy.version() + 1, rules, policy.duplicateFree())),
                model.authority(),
                model.deletes(),
                model.systems());
    }

    private static void rules(HubUnderTest hub, double auto, double review) {
        hub.model.publish(with(hub.model.get(), auto, review));
    }

    private static void rematch(HubStore store) {
        store.write(tx -> {
            for (var count : tx.records().counts()) {
                tx.records()
                        .markPending(tx.records().list(count.system(), "contact", null, 10_000).items().stream()
                                .map(record -> record.key())
                                .toList());
            }
            return null;
        });
    }
}
