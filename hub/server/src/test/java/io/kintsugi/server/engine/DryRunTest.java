package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.dryrun.DryRun.Change;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DryRunTest extends DryRunScenes {
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
