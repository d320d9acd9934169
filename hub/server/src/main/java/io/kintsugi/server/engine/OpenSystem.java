package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.connector.Translator;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A system as the hub reaches it: its connector, what it offers, and the way in for each stream. For the loop of the system alone. */
final class OpenSystem implements Dispatcher.Outlet, AutoCloseable {
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final Connectors connectors;
    private final SystemConfig config;
    private final Runnable stored;
    private final Map<String, Inbound> inbound = new HashMap<>();
    private final Map<String, Translator> translators = new HashMap<>();
    private Connector connector;
    private Catalog catalog;

    /** @param stored called when something was stored that waits for resolution */
    OpenSystem(
            HubStore store, LiveModel model, Clock clock, Connectors connectors, SystemConfig config, Runnable stored) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.connectors = connectors;
        this.config = config;
        this.stored = stored;
    }

    /** Connects unless that is done, and asks what the system offers unless that is known. */
    void open() throws ConnectorException {
        if (connector != null && catalog != null) return;
        if (connector == null) connector = connectors.open(config);
        var report = connector.check();
        if (!report.ok()) {
            throw new ConnectorException.Misconfigured(String.join("; ", report.problems()));
        }
        catalog = connector.discover();
        connectors.limit(config.id(), catalog);
        for (var stream : config.streams()) {
            inbound.put(
                    stream.stream(),
                    new Inbound(store, model, clock, config.id(), stream, connector, () -> describe(stream.stream())));
            translators.put(stream.stream(), new Translator(config.id(), stream));
        }
    }

    /** What the system offers may have changed: {@link #open} asks again. */
    void forget() {
        catalog = null;
    }

    /** What the system offers; null as long as it has not been asked. */
    Catalog catalog() {
        return catalog;
    }

    Inbound inbound(StreamMapping stream) {
        return inbound.get(stream.stream());
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
        return translators.get(stream.stream());
    }

    @Override
    public StreamDef describe(String stream) {
        return catalog == null
                ? null
                : catalog.streams().stream()
                        .filter(def -> def.name().equals(stream))
                        .findFirst()
                        .orElse(null);
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
