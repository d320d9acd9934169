package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.connector.MarkingConnector;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.inbound.Inbound;
import io.kintsugi.server.engine.inbound.Intake;
import io.kintsugi.server.engine.inbound.Refill;
import io.kintsugi.server.engine.outbound.Dispatcher;
import io.kintsugi.server.engine.schema.Schemas;
import io.kintsugi.server.engine.schema.Schemas.Named;
import io.kintsugi.server.engine.schema.StreamSchema.Todo;
import io.kintsugi.server.engine.shared.FormerMarks;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A system as the hub reaches it: its connector, what it offers, and the way in for each stream. For the loop of the system alone. */
final class OpenSystem implements Dispatcher.Outlet, AutoCloseable {
    /** Longest time that a change of a schema stays unseen. */
    static final Duration LOOK_EVERY = Duration.ofMinutes(5);

    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final Connectors connectors;
    private final SystemConfig config;
    private final Runnable stored;
    private final Schemas schemas;
    private final Map<String, Way> ways = new HashMap<>();
    private final Map<StreamMapping, Translator> translators = new HashMap<>();
    private final Set<Named> demanded = new HashSet<>();
    private Connector connector;
    private Catalog catalog;
    private Instant lookAt = Instant.MIN;

    /** How a stream is read, and under which mapping. */
    private record Way(StreamMapping mapping, List<String> retained, Inbound inbound) {}

    /** @param stored called when something was stored that waits for resolution */
    OpenSystem(
            HubStore store,
            LiveModel model,
            Clock clock,
            Connectors connectors,
            Schemas schemas,
            SystemConfig config,
            Runnable stored) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.connectors = connectors;
        this.schemas = schemas;
        this.config = config;
        this.stored = stored;
    }

    /**
     * Connects unless that is done, asks what the system offers unless that is known and fresh, and brings what is stored under the
     * mapping as it is now. Called before each turn.
     */
    void open() throws ConnectorException {
        if (connector == null || catalog == null) {
            if (connector == null) connector = marking(connectors.open(config));
            var report = connector.check();
            if (!report.ok()) {
                throw new ConnectorException.Misconfigured(String.join("; ", report.problems()));
            }
            discover(Set.of());
        } else if (!clock.instant().isBefore(lookAt)) {
            discover(Set.of());
        }
        adapt();
    }

    private Connector marking(Connector opened) {
        return new MarkingConnector(
                opened,
                config.id(),
                stream -> streams().stream()
                        .filter(mapping -> mapping.stream().equals(stream))
                        .findFirst()
                        .orElse(null),
                new FormerMarks(store));
    }

    /** @return whether what may be read or written is another now */
    private boolean discover(Set<Named> missing) throws ConnectorException {
        catalog = connector.discover();
        connectors.limit(config.id(), catalog);
        boolean changed = schemas.look(config.id(), catalog, missing, demanded);
        demanded.clear();
        lookAt = clock.instant().plus(LOOK_EVERY);
        return changed;
    }

    private void adapt() {
        for (var known : streams()) {
            var todo = schemas.todo(config.id(), known.stream());
            if (todo.equals(Todo.NOTHING)) continue;
            // an answer publishes its mapping before it leaves something to do: by an older one, kept values would be
            // dropped
            new Refill(store, model, clock, config.id()).run(now(known), todo);
            schemas.done(config.id(), known.stream(), todo);
            stored.run();
        }
    }

    /**
     * Asks what the system offers after it said that something of a mapping is not there, and goes on without that.
     *
     * @return whether the same can be tried again now; false if nothing that is known of stands in the way
     */
    boolean mended(Throwable problem) {
        if (!(problem instanceof ConnectorException.SchemaDrift drift)
                || drift.fields().isEmpty()
                || connector == null) return false;
        var missing = new HashSet<Named>();
        for (var field : drift.fields()) missing.add(new Named(drift.stream(), field));
        try {
            if (!discover(missing)) return false;
        } catch (ConnectorException e) {
            return false; // the system is away; it is asked when it is back
        }
        adapt();
        return true;
    }

    @Override
    public void refused(StreamMapping stream, RecordError error) {
        lookAt = Instant.MIN;
        if (error.code() == RecordError.Code.REQUIRED_MISSING && error.field() != null)
            demanded.add(new Named(stream.stream(), error.field()));
    }

    /** The streams and what works of their mappings as things are. */
    List<StreamMapping> streams() {
        return model.get().system(config.id()).orElse(config).streams();
    }

    /** The mapping of the stream as it is now. */
    private StreamMapping now(StreamMapping stream) {
        return streams().stream()
                .filter(one -> one.stream().equals(stream.stream()))
                .findFirst()
                .orElse(stream);
    }

    /** What the system offers may have changed: {@link #open} asks again. */
    void forget() {
        catalog = null;
    }

    /** What the system offers; null as long as it has not been asked. */
    Catalog catalog() {
        return catalog;
    }

    /** The way in under the mapping as it is now; another one once that changes. */
    Inbound inbound(StreamMapping stream) {
        var name = stream.stream();
        var mapping = now(stream);
        var retained = List.copyOf(model.standing(config.id(), name).retained());
        var way = ways.get(name);
        if (way == null || !way.mapping().equals(mapping) || !way.retained().equals(retained)) {
            var inbound = new Inbound(store, model, clock, config.id(), mapping, connector, () -> describe(name))
                    .retaining(retained);
            way = new Way(mapping, retained, inbound);
            ways.put(name, way);
        }
        return way.inbound();
    }

    @Override
    public String system() {
        return config.id();
    }

    @Override
    public Connector connector() {
        return connector;
    }

    @Override
    public Translator translator(StreamMapping stream) {
        return translators.computeIfAbsent(stream, mapping -> new Translator(config.id(), mapping));
    }

    @Override
    public List<StreamDef> described() {
        return catalog == null ? List.of() : catalog.streams();
    }

    /** What a stream can do; null if the system does not say. */
    Capabilities can(String stream) {
        var description = describe(stream);
        return description == null ? null : description.can();
    }

    /** How long a change of a stream may stay untold; a delete may take longer. */
    Duration lag(StreamMapping stream) {
        var can = can(stream.stream());
        if (can == null) return Duration.ZERO;
        var deletes = can.reading().deletes();
        var lag = can.reading().visibilityLag();
        return deletes == null ? lag : lag.plus(deletes.delay());
    }

    /** How long a change of any stream may stay untold. */
    Duration lag() {
        return config.streams().stream()
                .map(stream -> can(stream.stream()))
                .filter(can -> can != null)
                .map(can -> can.reading().visibilityLag())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Reads records outside the feed and takes in what became of them; whether anything was new. */
    boolean readAgain(StreamMapping stream, List<String> ids) throws ConnectorException {
        return stored(inbound(stream).lookUp(ids));
    }

    private boolean stored(Intake.Counts counts) {
        if (counts.stored() > 0) stored.run();
        return counts.stored() > 0;
    }

    @Override
    public void takeIn(StreamMapping stream, List<NativeRecord> found) {
        stored(inbound(stream).takeIn(found, List.of()));
    }

    @Override
    public void gone(StreamMapping stream, List<String> gone) {
        if (!gone.isEmpty()) stored(inbound(stream).takeIn(List.of(), gone));
    }

    @Override
    public void lookUp(StreamMapping stream, List<String> ids) throws ConnectorException {
        readAgain(stream, ids);
    }

    @Override
    public void close() {
        if (connector != null) connector.close();
    }
}
