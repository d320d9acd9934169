package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.config.AnswerVersion;
import io.kintsugi.server.config.DryRuns;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.config.SchemaAnswer;
import io.kintsugi.server.config.SchemaAnswers;
import io.kintsugi.server.config.SchemaInbox;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.dryrun.DryRun;
import io.kintsugi.server.engine.outbound.Dispatcher;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.schema.Schemas;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A hub over systems whose schemas change, published from configuration documents and driven step by step on a clock that only the test
 * moves. It can be started anew at any time.
 */
final class SchemaLife {
    private static final String PEOPLE = """
            connector: sim
            streams:
              people:
                entity: contact
                provision: true
                linkKey: hub_key
                fields:
                  first: firstName
                  last: lastName
                  email: email
                  phone: phone
                  city: city
            """;
    /** Seconds after which a write that waited for the resolver is tried again. */
    private static final int PUT_OFF = 6;

    final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
    final Map<String, SimulatedSystem> systems = new LinkedHashMap<>();
    final List<String> trouble = new ArrayList<>();
    final HubStore store;
    private final Ids ids = new Ids(clock, new SplittableRandom(7));
    private final Map<String, OpenSystem> open = new LinkedHashMap<>();
    private final Map<String, String> documents = new TreeMap<>();
    LiveModel model;
    SchemaInbox inbox;
    private SchemaAnswers answers;
    private Resolver resolver;
    private Dispatcher dispatcher;
    Schemas schemas;

    SchemaLife(HubStore store, String... names) {
        this.store = store;
        for (var name : names) {
            systems.put(name, new SimulatedSystem(name, clock));
            documents.put(name, PEOPLE);
        }
        start();
    }

    /** Starts a hub over the same store and systems, as the configuration file says. */
    void start() {
        var models = new ModelStore(store, clock);
        model = new LiveModel(models.publish(new Documents(Map.of("system", documents)), "file"));
        var events = new HubEvents();
        resolver = new Resolver(store, model, clock, ids, events);
        dispatcher = new Dispatcher(store, model, clock, ids, events);
        schemas = new Schemas(store, model, clock, events);
        inbox = new SchemaInbox(store, model, schemas);
        answers = new SchemaAnswers(store, model, schemas, inbox, clock, (changed, by) -> {
            model.publish(models.publish(changed, by));
            models.rematch();
        });
        open.clear();
        var connectors = new Connectors(List.of(new Simulation()), clock, Path.of("unused"));
        for (var config : model.published().systems()) {
            open.put(config.id(), new OpenSystem(store, model, clock, connectors, schemas, config, () -> {}));
        }
    }

    /** The file says something else of a system from the next start on. */
    void configure(String name, String document) {
        documents.put(name, document);
    }

    static String people() {
        return PEOPLE;
    }

    private final class Simulation implements ConnectorFactory {
        @Override
        public ConnectorSpec spec() {
            return new ConnectorSpec("sim", "Simulated", List.of());
        }

        @Override
        public Connector open(String id, Map<String, Object> settings, ConnectorContext context) {
            return systems.get(id);
        }
    }

    SimulatedSystem system(String name) {
        return systems.get(name);
    }

    /** One turn of the loop of a system, as its worker does it. */
    int turn(String name) {
        var system = open.get(name);
        int moved = 0;
        try {
            system.open();
            for (var stream : system.streams()) {
                for (boolean again = true; again; ) {
                    try {
                        var step = system.inbound(stream).next(50);
                        moved += (int) step.counts().stored();
                        again = !step.caughtUp();
                    } catch (ConnectorException.SchemaDrift e) {
                        if (!system.mended(e)) throw e;
                    }
                }
            }
            for (int n; (n = dispatcher.sendDue(system)) > 0; ) moved += n;
        } catch (ConnectorException e) {
            if (system.mended(e)) moved++;
            else {
                trouble.add(name + ": " + e.getMessage());
                system.forget();
            }
        }
        return moved;
    }

    SchemaLife settle() {
        int quiet = 0;
        for (int round = 0; round < 90; round++) {
            int moved = 0;
            for (var name : systems.keySet()) moved += turn(name);
            for (int n; (n = resolver.resolvePending(20)) > 0; ) moved += n;
            quiet = moved == 0 ? quiet + 1 : 0;
            if (quiet > PUT_OFF) return this;
            clock.advance(Duration.ofSeconds(1));
        }
        throw new AssertionError("the flow did not come to rest in 90 rounds");
    }

    /** Until the hub has looked at the schemas again. */
    SchemaLife later() {
        clock.advance(OpenSystem.LOOK_EVERY);
        return settle();
    }

    /** What is open, as {@code system.field KIND}. */
    List<String> open() {
        return inbox.items().stream()
                .map(item -> item.system() + "." + item.field() + " " + item.kind())
                .toList();
    }

    SchemaInbox.Item item(String field) {
        return inbox.items().stream()
                .filter(item -> item.field().equals(field))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is open about " + field + ", but " + open()));
    }

    void answer(String field, SchemaAnswer answer) {
        answers.answer(item(field).id(), answer, "ann");
    }

    void map(String system, String field, SchemaAnswer.MapTo to) {
        answers.map(system, SimulatedSystem.STREAM, field, to, "ann");
    }

    /** Versions of the answers about a system, the latest first. */
    List<AnswerVersion> versions(String system) {
        return store.read(tx -> AnswerVersion.of(tx, system, SimulatedSystem.STREAM));
    }

    void rollBack(String system, long version) {
        rollBack(system, version, versions(system).get(0).version());
    }

    void rollBack(String system, long version, long seen) {
        answers.rollBack(system, SimulatedSystem.STREAM, version, seen, "bob");
    }

    /** What a dry run says of a decision about schemas: each write as {@code system record attribute=value}. */
    Set<String> foretold(Consumer<SchemaAnswers> decision) {
        var reach = new DryRun.Reach() {
            @Override
            public Connector open(SystemConfig system) {
                return systems.get(system.id());
            }

            @Override
            public Catalog catalog(String system) {
                try {
                    return systems.get(system).discover();
                } catch (ConnectorException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        var watch = new DryRun.Watch() {
            @Override
            public void at(DryRun.Stage stage, long done, long total) {}

            @Override
            public void still() {}
        };
        var report = new DryRun(store, model, clock, reach).run(DryRuns.change(model, clock, decision), watch);
        assertThat(report.warnings()).isEmpty();
        var writes = new TreeSet<String>();
        for (var change : report.changes()) {
            if (change.system() == null) continue;
            for (var value : change.values())
                writes.add(change.system() + " " + change.kind() + " " + change.record() + " " + value.field() + "="
                        + value.to());
        }
        return writes;
    }

    /** Decides after a dry run of that, and waits until all is at rest: what was foretold is what was sent, no more and no less. */
    Set<String> asForetold(Consumer<SchemaAnswers> decision) {
        systems.values().forEach(system -> system.effects.clear());
        var told = foretold(decision);
        systems.values().forEach(system -> assertThat(system.effects).isEmpty());
        decision.accept(answers);
        settle();
        assertThat(told).isEqualTo(sent());
        return told;
    }

    private Set<String> sent() {
        var values = new TreeMap<String, Object>();
        systems.forEach((name, system) -> system.effects.forEach(op -> {
            var update = (WriteOp.Update) op;
            var record = name + " UPDATE " + name + ":contact:" + update.id() + " ";
            update.set().forEach((field, value) -> values.put(record + field, value));
            update.clear().forEach(field -> values.put(record + field, null));
        }));
        var sent = new TreeSet<String>();
        values.forEach((field, value) -> sent.add(field + "=" + value));
        return sent;
    }

    /** Values of the golden of a record, by attribute. */
    Map<String, String> golden(String key) {
        return store.read(tx -> {
            var record = RecordKey.parse(key);
            var id = tx.goldens().goldenOf(List.of(record)).get(record);
            var values = new TreeMap<String, String>();
            tx.goldens().find(List.of(id)).get(id).values().forEach((name, value) -> values.put(name, value.value()));
            return values;
        });
    }

    List<OutboundChange> outbound(String system, OutboundState state) {
        return store.read(tx -> tx.outbox().list(system, state, null, 100)).items();
    }
}
