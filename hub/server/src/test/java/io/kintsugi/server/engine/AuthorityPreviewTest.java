package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.NullPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.OnDisconnect;
import io.kintsugi.core.policy.AuthorityPolicy.OnForeignWrite;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.AuthorityPolicy.WriteMode;
import io.kintsugi.core.policy.RuleOf;
import io.kintsugi.core.policy.Trust;
import io.kintsugi.core.store.Goldens.Filter;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.stewardship.AuthorityPreview;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AuthorityPreviewTest {
    private static final List<String> SYSTEMS = List.of("crm", "erp", "web");
    private static final List<String> CITIES = List.of("Oslo", "Bergen", "Alta", "Bodo", "Vadso Municipality", "");

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("DA-7: what a publication changes and sends is what its preview said, to the last value")
    void thePublicationIsThePreview(long seed) {
        var random = new Random(seed);
        var hub = new HubUnderTest(new MemoryHubStore(), random.nextBoolean(), "crm", "erp", "web");
        hub.trust(policy(random, 1));
        people(random, hub);
        hub.settle();
        hub.systems.values().forEach(system -> system.effects.clear());
        var before = goldens(hub);
        var text = hub.store.toString();
        var draft = policy(random, 2);
        var preview = new AuthorityPreview(hub.store, hub.model, draft, 1000, hub.clock.instant(), hub::catalog);
        var said = preview.run(done -> {});
        assertThat(hub.store).as("a preview writes nothing").hasToString(text);
        hub.trust(draft);
        while (hub.resolver.resolvePending(5) > 0) {
            // until nothing waits
        }
        var after = goldens(hub);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        var changes = new TreeSet<String>();
        before.forEach((id, golden) -> {
            var attributes = new TreeSet<>(golden.values().keySet());
            attributes.addAll(after.get(id).values().keySet());
            for (var attribute : attributes) {
                var old = golden.value(attribute);
                var now = after.get(id).value(attribute);
                if (!String.valueOf(old).equals(String.valueOf(now))) changes.add(change(id, attribute, old, now));
            }
        });
        var foretold = new TreeSet<String>();
        said.changes().forEach(c -> foretold.add(change(c.golden(), c.attribute(), c.before(), c.after())));
        assertThat(changes).isEqualTo(foretold);
        assertThat(said.values()).isEqualTo(changes.size());
        assertThat(said.goldens()).isEqualTo(before.size());
        for (var name : SYSTEMS) hub.send(name);
        assertThat(sent(hub)).isEqualTo(foretoldWrites(said));
    }

    private static String change(String id, String attribute, String before, String after) {
        return id + " " + attribute + ": " + before + " -> " + after;
    }

    private static Map<String, GoldenRecord> goldens(HubUnderTest hub) {
        var goldens = new TreeMap<String, GoldenRecord>();
        hub.store
                .read(tx -> tx.goldens().list(Filter.all(), null, 1000).items())
                .forEach(golden -> goldens.put(golden.id(), golden));
        return goldens;
    }

    private static TreeMap<String, String> sent(HubUnderTest hub) {
        var sent = new TreeMap<String, String>();
        hub.systems.forEach((name, system) -> {
            for (var op : system.effects) {
                if (op instanceof WriteOp.Update update) {
                    var values = new TreeMap<String, Object>(update.set());
                    update.clear().forEach(field -> values.put(field, ""));
                    sent.put(name + " " + update.id(), values.toString());
                }
            }
        });
        return sent;
    }

    private static TreeMap<String, String> foretoldWrites(AuthorityPreview.Result said) {
        var fields = Map.of("firstName", "first", "lastName", "last", "birthDate", "born");
        var writes = new TreeMap<String, String>();
        for (var write : said.writeSample()) {
            var values = new TreeMap<String, Object>();
            write.write()
                    .values()
                    .forEach((attribute, value) -> values.put(fields.getOrDefault(attribute, attribute), value));
            writes.put(write.write().system() + " " + write.write().target().externalId(), values.toString());
        }
        return writes;
    }

    private static void people(Random random, HubUnderTest hub) {
        for (int step = 0; step < 40; step++) {
            hub.clock.advance(Duration.ofHours(1 + random.nextInt(40)));
            var name = SYSTEMS.get(random.nextInt(3));
            var id = "" + (1 + random.nextInt(4));
            var fields = new HashMap<String, Object>(Map.of(
                    "first",
                    "Person" + id,
                    "last",
                    "Number" + id,
                    "email",
                    "p" + id + "@acme.example",
                    "born",
                    "1980-03-0" + id));
            if (random.nextBoolean()) fields.put("city", CITIES.get(random.nextInt(CITIES.size())));
            if (random.nextInt(3) == 0) fields.put("phone", "+47 22 11 00 0" + random.nextInt(4));
            hub.system(name).edit(id, fields);
            if (random.nextInt(3) == 0) hub.settle();
            if (random.nextInt(12) == 0) give(random, hub);
        }
    }

    private static void give(Random random, HubUnderTest hub) {
        hub.settle();
        var some = new ArrayList<>(goldens(hub).values());
        if (some.isEmpty()) return;
        var golden = some.get(random.nextInt(some.size()));
        var lifeCycle = List.of(LifeCycle.FOREVER, LifeCycle.UNTIL_WINNER_CHANGES, LifeCycle.UNTIL_ANY_RELOAD)
                .get(random.nextInt(3));
        hub.stewardship.giveValue(golden.id(), golden.revision(), "city", "Steward City", lifeCycle, null, null, "ada");
    }

    static AuthorityPolicy policy(Random random, long version) {
        var group = random.nextInt(3) == 0;
        return new AuthorityPolicy(
                "contact",
                version,
                RuleOf.of(Strategy.LATEST).rule(),
                group
                        ? Map.of("place", List.of(rule(random)))
                        : Map.of("city", List.of(rule(random)), "phone", List.of(rule(random))),
                group ? Map.of("place", List.of("city", "phone")) : Map.of());
    }

    private static Rule rule(Random random) {
        var strategy = List.of(
                        Strategy.SYSTEM_RANK,
                        Strategy.SYSTEM_RANK,
                        Strategy.LATEST,
                        Strategy.OLDEST,
                        Strategy.LONGEST,
                        Strategy.MOST_FREQUENT,
                        Strategy.TRUST,
                        Strategy.STEWARD_ONLY)
                .get(random.nextInt(8));
        var ranking = new ArrayList<>(SYSTEMS);
        java.util.Collections.shuffle(ranking, random);
        var rule = RuleOf.of(strategy)
                .ranking(ranking.toArray(String[]::new))
                .nulls(NullPolicy.values()[random.nextInt(3)])
                .onDisconnect(OnDisconnect.values()[random.nextInt(2)])
                .onForeignWrite(OnForeignWrite.values()[random.nextInt(4)])
                .writeTo(Map.of(SYSTEMS.get(random.nextInt(3)), WriteMode.values()[random.nextInt(4)]));
        if (strategy == Strategy.TRUST) {
            rule.trust(Map.of("crm", new Trust(90, 10, Duration.ofDays(30), null, List.of()), "erp", Trust.always(60)));
        }
        return rule.rule();
    }
}
