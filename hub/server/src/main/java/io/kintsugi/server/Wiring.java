package io.kintsugi.server;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.FirstLoad;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.EmbeddedNeo4j;
import io.kintsugi.graph.EmbeddedSettings;
import io.kintsugi.graph.GraphFirstLoad;
import io.kintsugi.graph.GraphHubStore;
import io.kintsugi.server.api.HubApi;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.config.PolicyWarnings;
import io.kintsugi.server.config.Rematching;
import io.kintsugi.server.config.Settings;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a hub together; the only place that does. Opened, it has a store, the published model and an engine at rest; {@link #start()}
 * sets the loops going, {@link #serve()} opens the API. Thread-safe.
 */
public final class Wiring implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
    private static final int LONGEST_PAUSE = 30;

    private final Settings settings;
    private final Clock clock;
    private final EmbeddedNeo4j embedded;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final GraphHubStore store;
    private final ModelStore models;
    private final LiveModel model;
    private final Connectors connectors;
    private final Ids ids;
    private final Hub hub;
    private HubApi api;
    private Rematching rematching;
    private boolean closed;

    private Wiring(Settings settings, Connectors connectors, Clock clock) {
        this.settings = settings;
        this.connectors = connectors;
        this.clock = clock;
        embedded = settings.neo4jUri() == null ? embedded(settings) : null;
        GraphHubStore opened = null;
        try {
            if (embedded == null) {
                opened = GraphHubStore.connect(
                        settings.neo4jUri(), settings.neo4jUser(), settings.neo4jPassword(), settings.neo4jDatabase());
            } else {
                embedded.onDeath(this::revive);
                opened = GraphHubStore.connect(embedded.uri(), embedded.user(), embedded.password());
            }
            models = new ModelStore(opened, clock);
            model = new LiveModel(models.publish(settings.documents(), "configuration file"));
            ids = Ids.secure(clock);
            hub = Hub.over(opened, model, connectors, clock, ids);
            store = opened;
        } catch (RuntimeException e) {
            closing.countDown();
            if (opened != null) opened.close();
            if (embedded != null) embedded.close();
            throw e;
        }
    }

    /**
     * Opens the store, brings its schema up to date and publishes the documents of the settings. A system among them that names a
     * connector or a setting which is not there is refused before anything is made or published, as any word that the hub does not
     * know. One that is published already, or fails when it is tried, keeps neither the hub nor other systems from running.
     *
     * @throws HubException with {@code NOT_POSSIBLE} if another hub uses the data folder, {@code UNAVAILABLE} if the graph does not
     *     answer, {@code BAD_CONFIGURATION} if something in the settings is wrong
     */
    public static Wiring open(Settings settings) {
        return open(settings, connectors(settings), Clock.systemUTC());
    }

    /**
     * The same with other connectors than those on the class path, and another time of day.
     *
     * @throws HubException as {@link #open(Settings)}
     */
    public static Wiring open(Settings settings, Connectors connectors, Clock clock) {
        for (var system : settings.documents().connections()) {
            if (!system.connected()) continue;
            try {
                connectors.require(system);
            } catch (HubException e) {
                throw ofSystem(system, e);
            }
        }
        return new Wiring(settings, connectors, clock);
    }

    private static HubException ofSystem(SystemConfig system, Exception problem) {
        return new HubException(
                HubErrorCode.BAD_CONFIGURATION, "system " + system.id() + ": " + problem.getMessage(), problem);
    }

    /**
     * Starts or reaches the graph as {@link #open} does, and changes nothing in it.
     *
     * @throws HubException as {@link #open(Settings)}
     */
    public static Look look(Settings settings) {
        var embedded = settings.neo4jUri() == null ? embedded(settings) : null;
        try {
            var store = embedded == null
                    ? GraphHubStore.look(
                            settings.neo4jUri(),
                            settings.neo4jUser(),
                            settings.neo4jPassword(),
                            settings.neo4jDatabase())
                    : GraphHubStore.look(embedded.uri(), embedded.user(), embedded.password(), null);
            return new Look(embedded, store, connectors(settings));
        } catch (RuntimeException e) {
            if (embedded != null) embedded.close();
            throw e;
        }
    }

    /** A graph that is only looked at. Closed by whoever asked for it. */
    public record Look(EmbeddedNeo4j embeddedOrNull, HubStore store, Connectors connectors) implements AutoCloseable {
        /**
         * The model as it would be with these documents, whose systems could be connected. Publishes and connects nothing.
         *
         * @throws HubException with {@code BAD_CONFIGURATION} that names what is wrong
         */
        public HubModel preview(ModelStore.Documents documents) {
            var preview = new ModelStore(store, Clock.systemUTC()).preview(documents);
            for (var system : preview.systems()) {
                if (!system.connected()) continue;
                try {
                    connectors.open(system).close();
                } catch (ConnectorException | HubException e) {
                    throw ofSystem(system, e);
                }
            }
            return preview;
        }

        @Override
        public void close() {
            store.close();
            if (embeddedOrNull != null) embeddedOrNull.close();
        }
    }

    private static EmbeddedNeo4j embedded(Settings settings) {
        return EmbeddedNeo4j.start(EmbeddedSettings.of(settings.data().resolve("neo4j")));
    }

    /** Connectors without a hub, for looking at a system before there is one. */
    public static Connectors connectors(Settings settings) {
        return new Connectors(Clock.systemUTC(), settings.data().resolve("connectors"));
    }

    public Hub hub() {
        return hub;
    }

    /** Where people who query the graph by hand find it, and whose password they need; it says no secret. */
    public String graph() {
        return embedded == null
                ? settings.neo4jUri()
                : embedded.uri() + ", user " + embedded.user() + ", password in "
                        + settings.data().resolve("neo4j").resolve("bolt.password");
    }

    public Connectors connectors() {
        return connectors;
    }

    public Ids ids() {
        return ids;
    }

    public Clock clock() {
        return clock;
    }

    /** Process id of the embedded graph; -1 if the graph is somebody else's. */
    public long graphProcess() {
        return embedded == null ? -1 : embedded.pid();
    }

    /** What keeps a load from being a {@link #firstLoad}, as the end of a sentence; empty if nothing does. */
    public Optional<String> obstacleToFirstLoad(String entityType) {
        if (embedded == null) return Optional.of("the graph is not the embedded one");
        for (var system : model.get().systems()) {
            for (var stream : system.streams()) {
                if (stream.write() && stream.entityType().equals(entityType)) {
                    return Optional.of("system " + system.id() + " is written to");
                }
            }
        }
        return store.holdsNoRecord() ? Optional.empty() : Optional.of("the hub holds records already");
    }

    /**
     * Begins the first load of a hub for which {@link #obstacleToFirstLoad} names nothing, and in which nothing else happens meanwhile.
     *
     * @param mapping of the records
     */
    public FirstLoad firstLoad(StreamMapping mapping) {
        var attributes = new TreeSet<String>();
        mapping.fields().forEach(field -> attributes.add(field.attribute()));
        return GraphFirstLoad.begin(embedded, store, attributes);
    }

    /** Publishes documents and lets the engine work by them from its next batch on. */
    public synchronized void publish(ModelStore.Documents documents, String by) {
        model.publish(models.publish(documents, by));
        if (rematching == null) models.rematch();
        else rematching.wake();
    }

    /** Lets everything that was decided by other rules wait for resolution, at once; for a hub that does not {@link #start()}. */
    public void rematch() {
        models.rematch();
    }

    /**
     * Sets the loops going: systems are polled, records resolved, changes sent, and what was decided by other rules is resolved again.
     * Called once.
     */
    public synchronized void start() {
        for (var warning : PolicyWarnings.of(model.get())) LOG.warn("allowed, and perhaps not meant: {}", warning);
        hub.systems().start();
        rematching = new Rematching(models, hub);
    }

    /**
     * Opens the API and the web UI. Called once.
     *
     * @return the port
     * @throws HubException with {@code BAD_CONFIGURATION} if the port is taken or the host is not this machine's own
     */
    public synchronized int serve() {
        api = new HubApi(hub, clock, new HubApi.Config(settings.host(), settings.port(), Set.of()), this::publish);
        return api.start();
    }

    /** Starts the embedded graph again until it is back. Meanwhile the hub goes on and answers that the graph does not. */
    private void revive(HubException death) {
        if (awaitClosing(1)) return; // Ctrl-C reaches the child too: the hub is stopping, there is nothing to mend
        LOG.error("{}", death.getMessage());
        for (int pause = 1; !awaitClosing(pause); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
            try {
                embedded.restart();
                LOG.info("the embedded Neo4j is back");
                return;
            } catch (HubException | UncheckedIOException e) {
                LOG.error("the embedded Neo4j did not come back, it is tried again: {}", e.getMessage());
            }
        }
    }

    private boolean awaitClosing(int seconds) {
        try {
            return closing.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Stops the API, the loops, the connection and the embedded graph, in this order. Second call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        closing.countDown();
        try {
            if (api != null) api.close();
        } finally {
            if (rematching != null) rematching.close();
            hub.close();
            store.close();
            if (embedded != null) embedded.close();
        }
    }
}
