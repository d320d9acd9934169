package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.Merger;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.core.sync.Drift.Disposition;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.audit.RowComparison;
import io.kintsugi.server.engine.inbound.Inbound;
import io.kintsugi.server.engine.outbound.Dispatcher;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.stewardship.Stewardship;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The real engine over systems that hold accounts and contacts, which refer to each other by ids of their own; driven step by step on a
 * clock that only the test moves.
 */
final class RelatedSystems {
    static final EntityType ACCOUNT = new EntityType(
            "account",
            EntityType.Kind.ORGANISATION,
            List.of(
                    new Attribute("name", AttributeType.ORGANISATION_NAME, null),
                    new Attribute("taxId", AttributeType.IDENTIFIER, null),
                    new Attribute("city", AttributeType.CITY, null),
                    new Attribute("primaryContact", AttributeType.REFERENCE, null, "contact")));
    static final EntityType CONTACT = new EntityType(
            "contact",
            EntityType.Kind.PERSON,
            List.of(
                    new Attribute("firstName", AttributeType.GIVEN_NAME, null),
                    new Attribute("lastName", AttributeType.FAMILY_NAME, null),
                    new Attribute("email", AttributeType.EMAIL, null),
                    new Attribute("phone", AttributeType.PHONE, null),
                    new Attribute("account", AttributeType.REFERENCE, null, "account"),
                    new Attribute("manager", AttributeType.REFERENCE, null, "contact")));
    private static final String ACCOUNTS = "accounts";
    private static final String CONTACTS = "contacts";

    final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
    final HubStore store;
    final LiveModel model;
    final Resolver resolver;
    final Dispatcher dispatcher;
    final Stewardship stewardship;
    private final Map<String, Pair> systems = new LinkedHashMap<>();
    private final List<Inbound> inbound = new ArrayList<>();

    /** @param circle whether accounts name their primary contact, too */
    RelatedSystems(HubStore store, boolean provision, boolean circle, String... names) {
        this.store = store;
        var configs = new ArrayList<SystemConfig>();
        for (var name : names) {
            var streams = new ArrayList<>(List.of( // children first: nothing may hang on the order of the streams
                    mapping(CONTACTS, CONTACT, true, provision), mapping(ACCOUNTS, ACCOUNT, circle, provision)));
            configs.add(new SystemConfig(name, name, "sim", Map.of(), Duration.ofSeconds(1), streams));
            systems.put(
                    name,
                    new Pair(
                            new SimulatedSystem(name + "-a", ACCOUNTS, names(ACCOUNT), clock),
                            new SimulatedSystem(name + "-c", CONTACTS, names(CONTACT), clock)));
        }
        var newest = new Rule(Strategy.LATEST, List.of());
        this.model = new LiveModel(new HubModel(
                List.of(CONTACT, ACCOUNT),
                Map.of("contact", Matcher.defaults(CONTACT), "account", Matcher.defaults(ACCOUNT)),
                Map.of(
                        "contact", new AuthorityPolicy("contact", 1, newest, Map.of()),
                        "account", new AuthorityPolicy("account", 1, newest, Map.of())),
                configs));
        var ids = new Ids(clock, new SplittableRandom(7));
        var events = new HubEvents();
        this.resolver = new Resolver(store, model, clock, ids, events);
        this.dispatcher = new Dispatcher(store, model, clock, ids, events);
        this.stewardship = new Stewardship(store, model, resolver, clock, events, id -> null);
        for (var config : configs) {
            for (var stream : config.streams()) {
                var system = systems.get(config.id()).of(stream.stream());
                inbound.add(new Inbound(store, model, clock, config.id(), stream, system, () -> describe(system)));
            }
        }
    }

    private static List<String> names(EntityType type) {
        return type.attributes().stream().map(Attribute::name).toList();
    }

    private static StreamMapping mapping(String stream, EntityType type, boolean all, boolean provision) {
        var fields = new ArrayList<FieldMapping>();
        for (var attribute : type.attributes()) {
            if (all || attribute.refersTo() == null) {
                fields.add(new FieldMapping(attribute.name(), attribute.name(), List.of(), true));
            }
        }
        return new StreamMapping(stream, type.name(), fields, true, provision, SimulatedSystem.LINK_KEY);
    }

    /** What becomes of several records of one golden in a system from now on. */
    RelatedSystems duplicates(String name, Duplicates duplicates) {
        return configure(name, duplicates, config -> config.streams());
    }

    /** From now on the hub does not write an attribute of contacts of a system. */
    RelatedSystems unwritten(String name, String attribute) {
        return configure(name, null, config -> config.streams().stream()
                .map(stream -> new StreamMapping(
                        stream.stream(),
                        stream.entityType(),
                        stream.fields().stream()
                                .map(field -> !field.attribute().equals(attribute)
                                        ? field
                                        : new FieldMapping(field.field(), attribute, List.of(), false))
                                .toList(),
                        true,
                        stream.provision(),
                        SimulatedSystem.LINK_KEY))
                .toList());
    }

    private RelatedSystems configure(
            String name, Duplicates duplicates, Function<SystemConfig, List<StreamMapping>> streams) {
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
                                streams.apply(config),
                                config.merges(),
                                duplicates == null ? config.duplicates() : duplicates))
                .toList();
        model.publish(
                new HubModel(before.entityTypes(), before.matching(), before.authority(), before.deletes(), configs));
        return this;
    }

    SimulatedSystem accounts(String name) {
        return systems.get(name).accounts();
    }

    SimulatedSystem contacts(String name) {
        return systems.get(name).contacts();
    }

    /** Runs the whole flow until nothing moves any more. */
    RelatedSystems settle() {
        int quiet = 0;
        for (int round = 0; round < 100; round++) {
            quiet = turn() == 0 ? quiet + 1 : 0;
            if (quiet > 6) return this; // longer than what is put off waits
        }
        throw new AssertionError("the flow did not come to rest in 100 rounds");
    }

    /** Runs the whole flow for a while, whether it comes to rest or not. */
    void settleFor(int rounds) {
        for (int round = 0; round < rounds; round++) turn();
    }

    private long turn() {
        long moved = 0;
        for (var stream : inbound) moved += read(stream);
        for (int n; (n = resolver.resolvePending(20)) > 0; ) moved += n;
        for (var name : systems.keySet()) moved += send(name);
        clock.advance(Duration.ofSeconds(1));
        return moved;
    }

    private static long read(Inbound stream) {
        long stored = 0;
        try {
            while (true) {
                var step = stream.next(50);
                stored += step.counts().stored();
                if (step.caughtUp()) return stored;
            }
        } catch (ConnectorException e) {
            return stored;
        }
    }

    private int send(String name) {
        int looked = 0;
        try {
            for (int n; (n = dispatcher.sendDue(new Outlet(name))) > 0; ) looked += n;
        } catch (ConnectorException e) {
            // the system is down; what must go stays due
        }
        return looked;
    }

    /** The golden of a record; null if it has none. */
    GoldenRecord golden(String key) {
        return store.read(tx -> {
            var record = RecordKey.parse(key);
            var id = tx.goldens().goldenOf(List.of(record)).get(record);
            return id == null ? null : tx.goldens().find(List.of(id)).get(id);
        });
    }

    private static StreamDef describe(SimulatedSystem system) {
        try {
            return system.discover().streams().get(0);
        } catch (ConnectorException e) {
            return null;
        }
    }

    /** The two streams of one system behind one connection. */
    private record Pair(SimulatedSystem accounts, SimulatedSystem contacts)
            implements Connector, Lookups, Writer, Merger {
        SimulatedSystem of(String stream) {
            return stream.equals(ACCOUNTS) ? accounts : contacts;
        }

        @Override
        public CheckReport check() throws ConnectorException {
            return accounts.check();
        }

        @Override
        public Catalog discover() throws ConnectorException {
            var streams = new ArrayList<>(accounts.discover().streams());
            streams.addAll(contacts.discover().streams());
            return new Catalog("pair", streams, "1");
        }

        @Override
        public Lookups lookups() {
            return this;
        }

        @Override
        public <F> Optional<F> facet(Class<F> type) {
            return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
        }

        @Override
        public MergeResult poll(String pendingId) {
            throw new AssertionError("no merge is pending");
        }

        /** Merges accounts; contacts of the losers are with the winner from then on, and do not count as changed. */
        @Override
        public MergeResult merge(MergeCommand command) throws ConnectorException {
            var result = accounts.merge(command);
            var losers = command.losers().stream().map(RecordId::id).toList();
            contacts.rewrite((id, fields) -> {
                if (losers.contains(fields.get("account")))
                    fields.put("account", command.winner().id());
            });
            return result;
        }

        @Override
        public void close() {}

        @Override
        public Map<String, Lookup> byId(Query query, Collection<String> ids) throws ConnectorException {
            return of(query.stream()).byId(query, ids);
        }

        @Override
        public Map<String, List<NativeRecord>> byKey(Query query, String keyField, Collection<String> values)
                throws ConnectorException {
            return of(query.stream()).byKey(query, keyField, values);
        }

        @Override
        public List<WriteResult> write(String stream, List<WriteOp> ops, WriteOptions options)
                throws ConnectorException {
            return of(stream).write(stream, ops, options);
        }
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
            return systems.get(name);
        }

        @Override
        public Translator translator(StreamMapping stream) {
            return new Translator(name, stream);
        }

        @Override
        public List<StreamDef> described() {
            try {
                return systems.get(name).discover().streams();
            } catch (ConnectorException e) {
                return List.of();
            }
        }

        @Override
        public void takeIn(StreamMapping stream, List<NativeRecord> found) {
            inbound(stream).takeIn(found, List.of());
        }

        @Override
        public void gone(StreamMapping stream, List<String> ids) {
            inbound(stream).takeIn(List.of(), ids);
        }

        @Override
        public void lookUp(StreamMapping stream, List<String> ids) throws ConnectorException {
            inbound(stream).lookUp(ids);
        }

        private Inbound inbound(StreamMapping stream) {
            int place = 0;
            for (var config : model.get().systems()) {
                for (var other : config.streams()) {
                    if (config.id().equals(name) && other.stream().equals(stream.stream())) return inbound.get(place);
                    place++;
                }
            }
            throw new AssertionError(name + " has no stream " + stream.stream());
        }
    }

    /** What an audit would say of an attribute of a contact, if it were as the hub believes. */
    Disposition compared(String system, String id, String attribute) {
        var mapping = model.get().system(system).orElseThrow().streams().get(0);
        var key = new RecordKey(system, "contact", id);
        return store.read(tx -> {
            var held = tx.records().find(List.of(key)).get(key).attributes();
            var seen = new Observation(key, mapping.stream(), held, null, null);
            return new RowComparison(model, system, mapping)
                    .compare(tx, List.of(seen))
                    .get(0)
                    .attributes()
                    .get(attribute);
        });
    }

    /** Open and settled changes of a system as text, for messages. */
    Map<String, String> outbox(String name) {
        var changes = new TreeMap<String, String>();
        store.read(tx -> {
            tx.outbox()
                    .list(name, null, null, 100)
                    .items()
                    .forEach(change -> changes.put(change.key(), change.state() + " " + change.problem()));
            return null;
        });
        return changes;
    }
}
