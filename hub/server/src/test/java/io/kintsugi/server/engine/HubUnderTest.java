package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.SeenMerge;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.StreamMapping.WhenDeleted;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.connector.MarkingConnector;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.audit.Auditing;
import io.kintsugi.server.engine.erasure.Erasing;
import io.kintsugi.server.engine.explain.Explanations;
import io.kintsugi.server.engine.inbound.Inbound;
import io.kintsugi.server.engine.inbound.Intake;
import io.kintsugi.server.engine.outbound.Dispatcher;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.shared.FormerMarks;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.stewardship.Stewardship;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The real engine over a store and simulated systems, driven step by step on one thread and a clock that only the test moves.
 */
final class HubUnderTest {
    static final EntityType CONTACT = new EntityType(
            "contact",
            EntityType.Kind.PERSON,
            List.of(
                    new Attribute("firstName", AttributeType.GIVEN_NAME, null),
                    new Attribute("lastName", AttributeType.FAMILY_NAME, null),
                    new Attribute("email", AttributeType.EMAIL, null),
                    new Attribute("phone", AttributeType.PHONE, null),
                    new Attribute("city", AttributeType.CITY, null),
                    new Attribute("birthDate", AttributeType.BIRTH_DATE, null)));
    private static final Map<String, String> FIELDS = Map.of(
            "first",
            "firstName",
            "last",
            "lastName",
            "email",
            "email",
            "phone",
            "phone",
            "city",
            "city",
            "born",
            "birthDate");

    final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
    final Map<String, SimulatedSystem> systems = new LinkedHashMap<>();
    /** The same as the hub reaches them. */
    private final Map<String, Connector> connectors = new HashMap<>();

    final HubStore store;
    final LiveModel model;
    final Resolver resolver;
    Dispatcher dispatcher;
    final Stewardship stewardship;
    final Erasing erasing;
    final Explanations explanations;
    final HubEvents events = new HubEvents();
    private int audits;
    private final Ids ids;
    private final Map<String, Inbound> inbound = new LinkedHashMap<>();
    private final Map<String, Auditing> auditing = new HashMap<>();

    HubUnderTest(HubStore store, boolean provision, String... names) {
        this(store, provision, new Rule(Strategy.LATEST, List.of()), names);
    }

    HubUnderTest(HubStore store, boolean provision, Rule authority, String... names) {
        this.store = store;
        var configs = new ArrayList<SystemConfig>();
        for (var name : names) {
            systems.put(name, new SimulatedSystem(name, clock));
            connectors.put(name, systems.get(name));
            configs.add(
                    new SystemConfig(name, name, "sim", Map.of(), Duration.ofSeconds(1), List.of(mapping(provision))));
        }
        this.model = new LiveModel(new HubModel(
                List.of(CONTACT),
                Map.of("contact", Matcher.defaults(CONTACT)),
                Map.of("contact", new AuthorityPolicy("contact", 1, authority, Map.of())),
                configs));
        ids = new Ids(clock, new SplittableRandom(7));
        this.resolver = new Resolver(store, model, clock, ids, events);
        this.dispatcher = new Dispatcher(store, model, clock, ids, events);
        this.stewardship = new Stewardship(store, model, resolver, clock, events, this::catalog);
        this.erasing = new Erasing(store, model, resolver, clock, ids, events, this::catalog);
        this.explanations = new Explanations(store, model, clock);
        for (var config : configs) {
            inbound(config);
        }
    }

    private static StreamMapping mapping(boolean provision) {
        var fields = new ArrayList<FieldMapping>();
        new TreeMap<>(FIELDS)
                .forEach((field, attribute) -> fields.add(new FieldMapping(field, attribute, List.of("trim"), true)));
        return new StreamMapping(SimulatedSystem.STREAM, "contact", fields, true, provision, SimulatedSystem.LINK_KEY);
    }

    /** Publishes an authority policy; what is stored is brought under it as after any publication. */
    HubUnderTest trust(AuthorityPolicy policy) {
        var before = model.get();
        model.publish(
                new HubModel(before.entityTypes(), before.matching(), Map.of("contact", policy), before.systems()));
        return again();
    }

    /** Publishes a match policy; what is stored is matched anew. */
    HubUnderTest matching(MatchPolicy policy) {
        var before = model.get();
        model.publish(new HubModel(
                before.entityTypes(),
                Map.of("contact", policy),
                before.authority(),
                before.deletes(),
                before.systems()));
        return again();
    }

    /** Marks all there is. */
    private HubUnderTest again() {
        store.write(tx -> {
            for (var name : systems.keySet()) {
                tx.records()
                        .markPending(tx.records().list(name, "contact", null, 10_000).items().stream()
                                .map(record -> record.key())
                                .toList());
            }
            return null;
        });
        return this;
    }

    /** Publishes a delete policy. */
    HubUnderTest deletes(DeletePolicy policy) {
        var before = model.get();
        model.publish(new HubModel(
                before.entityTypes(),
                before.matching(),
                before.authority(),
                Map.of("contact", policy),
                before.systems()));
        return this;
    }

    /** From now on records of a system that cannot delete are marked. */
    HubUnderTest marks(String name, WhenDeleted mark) {
        var before = model.get();
        var configs = before.systems().stream()
                .map(config -> config.id().equals(name) ? marked(config, mark) : config)
                .toList();
        model.publish(
                new HubModel(before.entityTypes(), before.matching(), before.authority(), before.deletes(), configs));
        connectors.put(
                name,
                new MarkingConnector(
                        systems.get(name),
                        name,
                        stream ->
                                model.get().system(name).orElseThrow().streams().get(0),
                        new FormerMarks(store)));
        inbound(model.get().system(name).orElseThrow());
        return this;
    }

    private static SystemConfig marked(SystemConfig config, WhenDeleted mark) {
        var was = config.streams().get(0);
        return new SystemConfig(
                config.id(),
                config.label(),
                config.connector(),
                config.settings(),
                config.pollEvery(),
                config.auditEvery(),
                List.of(new StreamMapping(
                        was.stream(),
                        was.entityType(),
                        was.fields(),
                        was.write(),
                        was.provision(),
                        was.linkKeyField(),
                        was.constants(),
                        mark)),
                config.merges(),
                config.duplicates());
    }

    private void inbound(SystemConfig config) {
        inbound.put(
                config.id(),
                new Inbound(
                        store,
                        model,
                        clock,
                        config.id(),
                        config.streams().get(0),
                        connectors.get(config.id()),
                        () -> new Outlet(config.id()).describe(SimulatedSystem.STREAM)));
    }

    Catalog catalog(String system) {
        try {
            return connectors.get(system).discover();
        } catch (ConnectorException e) {
            return null;
        }
    }

    /** What a system's own merges do to golden records from now on. */
    HubUnderTest onMerges(String name, SeenMerge merges) {
        return configure(name, merges, null);
    }

    /** What becomes of several records of one golden in a system from now on. */
    HubUnderTest duplicates(String name, Duplicates duplicates) {
        return configure(name, null, duplicates);
    }

    private HubUnderTest configure(String name, SeenMerge merges, Duplicates duplicates) {
        var before = model.get();
        var configs = before.systems().stream()
                .map(config -> !config.id().equals(name)
                        ? config
                        : new SystemConfig(
                                config.id(),
                                config.label(),
                                config.connector(),
                                config.settings(),
                                config.pollEvery(),
                                config.auditEvery(),
                                config.streams(),
                                merges == null ? config.merges() : merges,
                                duplicates == null ? config.duplicates() : duplicates))
                .toList();
        model.publish(
                new HubModel(before.entityTypes(), before.matching(), before.authority(), before.deletes(), configs));
        return this;
    }

    SimulatedSystem system(String name) {
        return systems.get(name);
    }

    /** Reads one system until it has nothing new. */
    Intake.Counts read(String name) {
        var counts = Intake.Counts.NONE;
        try {
            while (true) {
                var step = inbound.get(name).next(50);
                counts = counts.plus(step.counts());
                if (step.caughtUp()) return counts;
            }
        } catch (ConnectorException e) {
            return counts;
        }
    }

    /** Runs the whole flow until nothing moves any more. */
    HubUnderTest settle() {
        for (int round = 0; round < 60; round++) {
            long stored = 0;
            for (var name : systems.keySet()) stored += read(name).stored();
            int resolved = 0;
            for (int n; (n = resolver.resolvePending(20)) > 0; ) resolved += n;
            boolean erases = store.read(tx -> !tx.erasures().open().isEmpty());
            int sent = erases && erasing.step() ? 1 : 0;
            for (var name : systems.keySet()) sent += send(name) + (erases ? look(name) : 0);
            if (stored == 0 && resolved == 0 && sent == 0 && round > 0) return this;
            clock.advance(Duration.ofSeconds(1));
        }
        throw new AssertionError("the flow did not come to rest in 60 rounds");
    }

    /** Reads and resolves all there is, and writes nothing back: what the hub itself wrote would be evidence of its own. */
    HubUnderTest takeIn() {
        for (var name : systems.keySet()) read(name);
        while (resolver.resolvePending(20) > 0) {
            // until nothing waits
        }
        clock.advance(Duration.ofMinutes(1));
        return this;
    }

    int send(String name) {
        int looked = 0;
        try {
            for (int n; (n = dispatcher.sendDue(new Outlet(name))) > 0; ) looked += n;
        } catch (ConnectorException e) {
            // the system is down; what must go stays due
        }
        return looked;
    }

    /** What the hub held in memory about sending is gone, as after a crash. */
    void restart() {
        dispatcher = new Dispatcher(store, model, clock, ids, events);
    }

    /** One batch of what is due. */
    int sendOnce(String name) throws ConnectorException {
        return dispatcher.sendDue(new Outlet(name));
    }

    /** Looks for records that should be gone. */
    int look(String name) {
        try {
            return erasing.look(new Outlet(name)) ? 1 : 0;
        } catch (ConnectorException e) {
            return 0; // the system is down; it is asked later
        }
    }

    GoldenRecord golden(String key) {
        return store.read(tx -> {
            var record = RecordKey.parse(key);
            var id = tx.goldens().goldenOf(List.of(record)).get(record);
            return id == null ? null : tx.goldens().find(List.of(id)).get(id);
        });
    }

    /** Records of each golden, as a set of sets: the partition. */
    Set<Set<String>> clusters() {
        return store.read(tx -> {
            var clusters = new java.util.HashSet<Set<String>>();
            var ids = new TreeSet<String>();
            String cursor = null;
            int pages = 0;
            do {
                if (++pages > 1000) throw new AssertionError("the list of goldens does not end");
                var page = tx.goldens().list(io.kintsugi.core.store.Goldens.Filter.all(), cursor, 100);
                page.items().forEach(golden -> ids.add(golden.id()));
                cursor = page.next();
            } while (cursor != null);
            tx.goldens().members(ids).values().forEach(members -> {
                var keys = new TreeSet<String>();
                members.forEach(member -> keys.add(member.record().key().toString()));
                clusters.add(keys);
            });
            return clusters;
        });
    }

    /** The audits of one system; {@link #audit} drives them. */
    Auditing auditing(String name) {
        if (!auditing.containsKey(name)) audits(model.get().system(name).orElseThrow());
        return auditing.get(name);
    }

    /** Begins the audits of a system anew, as a hub that starts does. */
    void audits(SystemConfig config) {
        var takesIn = inbound.get(config.id());
        auditing.put(
                config.id(),
                new Auditing(
                        store,
                        model,
                        clock,
                        ids,
                        events,
                        config,
                        (mapping, ids) -> takesIn.lookUp(ids).stored() > 0,
                        mapping -> Duration.ZERO));
    }

    /** Does pieces of the audit under way and polls as the loop of the system would, until it is over. */
    Run audit(String name, boolean heal) {
        var run = auditing(name).begin(heal, "audit-" + ++audits);
        for (int step = 0; step < 10_000; step++) {
            stepAudit(name);
            var now = store.read(tx -> tx.journal().run(run.id())).orElseThrow();
            if (now.state() != Run.RunState.RUNNING) return now;
        }
        throw new AssertionError("the audit does not end");
    }

    /** One turn of the loop, as far as audits go. */
    void stepAudit(String name) {
        clock.advance(Duration.ofSeconds(1));
        if (!auditing(name).pollAt().isAfter(clock.instant())) {
            var began = clock.instant();
            read(name);
            if (!systems.get(name).down) auditing(name).polled(began);
        }
        try {
            auditing(name).step(connectors.get(name));
        } catch (ConnectorException e) {
            // the system is down; it goes on later
        }
    }

    String currentId(String goldenId) {
        return store.read(tx -> tx.goldens().currentId(goldenId));
    }

    /** Values of the golden of a record, by attribute. */
    Map<String, String> values(String key) {
        var values = new TreeMap<String, String>();
        golden(key).values().forEach((attribute, value) -> values.put(attribute, value.value()));
        return values;
    }

    private final class Outlet implements Dispatcher.Outlet {
        private final String name;

        Outlet(String name) {
            this.name = name;
        }

        @Override
        public String system() {
            return name;
        }

        @Override
        public Connector connector() {
            return connectors.get(name);
        }

        @Override
        public Translator translator(StreamMapping stream) {
            return new Translator(name, stream);
        }

        @Override
        public List<StreamDef> described() {
            try {
                return connectors.get(name).discover().streams();
            } catch (ConnectorException e) {
                return List.of();
            }
        }

        @Override
        public void takeIn(StreamMapping stream, List<NativeRecord> found) {
            inbound.get(name).takeIn(found, List.of());
        }

        @Override
        public void gone(StreamMapping stream, List<String> ids) {
            inbound.get(name).takeIn(List.of(), ids);
        }

        @Override
        public void lookUp(StreamMapping stream, List<String> ids) throws ConnectorException {
            inbound.get(name).lookUp(ids);
        }
    }
}
