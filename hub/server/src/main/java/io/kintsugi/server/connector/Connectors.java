package io.kintsugi.server.connector;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import io.kintsugi.connector.spi.ConnectorSpec.Setting;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.SystemConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the connectors on the class path and opens them with what the engine lends. Thread-safe. */
public final class Connectors {
    private static final String STATE = "stateFolder"; // a setting that connectors may have

    private final Map<String, ConnectorFactory> factories = new TreeMap<>();
    private final Map<String, Gate> gates = new ConcurrentHashMap<>();
    private final Clock clock;

    /** @param stateFolder where connectors may keep what does not fit a checkpoint */
    public Connectors(Clock clock, Path stateFolder) {
        this(ServiceLoader.load(ConnectorFactory.class), clock, stateFolder);
    }

    public Connectors(Iterable<ConnectorFactory> found, Clock clock, Path stateFolder) {
        for (var factory : found) factories.put(factory.spec().type(), factory);
        this.clock = clock;
        this.stateFolder = stateFolder;
    }

    private final Path stateFolder;

    public List<ConnectorSpec> specs() {
        return factories.values().stream().map(ConnectorFactory::spec).toList();
    }

    /**
     * Refuses a system that names what is not there, without opening anything.
     *
     * @throws HubException with {@code BAD_CONFIGURATION} for an unknown connector or setting, naming what there is, or a setting that
     *     is missing
     */
    public void require(SystemConfig system) {
        var factory = factories.get(system.connector());
        if (factory == null) {
            throw new HubException(
                    HubErrorCode.BAD_CONFIGURATION,
                    "there is no connector \"" + system.connector() + "\"; there are " + factories.keySet());
        }
        var known = names(factory);
        for (var name : system.settings().keySet()) {
            if (!known.contains(name)) {
                throw new HubException(
                        HubErrorCode.BAD_CONFIGURATION,
                        "connector " + system.connector() + " has no setting \"" + name + "\"; it has " + known);
            }
        }
        for (var setting : factory.spec().settings()) {
            if (setting.required() && !system.settings().containsKey(setting.name())) {
                throw new HubException(
                        HubErrorCode.BAD_CONFIGURATION,
                        "setting \"" + setting.name() + "\" is missing (" + setting.description() + ")");
            }
        }
    }

    private static List<String> names(ConnectorFactory factory) {
        return factory.spec().settings().stream().map(Setting::name).toList();
    }

    /**
     * Opens the connector of a system.
     *
     * @throws HubException as {@link #require}
     */
    public Connector open(SystemConfig system) throws ConnectorException {
        require(system);
        var settings = new TreeMap<>(system.settings());
        if (names(factories.get(system.connector())).contains(STATE)) {
            settings.putIfAbsent(STATE, stateFolder.resolve(system.id()).toString());
        }
        return open(system, settings);
    }

    /**
     * Opens one more connector of a system, which shares nothing with the first but its quotas.
     *
     * @param state folder where it may keep what does not fit a checkpoint
     * @throws HubException as {@link #require}
     */
    public Connector openApart(SystemConfig system, Path state) throws ConnectorException {
        require(system);
        var settings = new TreeMap<>(system.settings());
        if (names(factories.get(system.connector())).contains(STATE)) settings.put(STATE, state.toString());
        return open(system, settings);
    }

    private Connector open(SystemConfig system, Map<String, Object> settings) throws ConnectorException {
        var factory = factories.get(system.connector());
        return factory.open(system.id(), settings, new Context(system.id()));
    }

    /** From now on the gates of a system let through what its streams declare. Of two streams with one bucket the last one counts. */
    public void limit(String system, Catalog catalog) {
        for (var stream : catalog.streams()) {
            for (var quota : stream.can().quotas()) gate(system, quota.bucket()).limit(quota);
        }
    }

    private Gate gate(String system, String bucket) {
        return gates.computeIfAbsent(system + ":" + bucket, name -> new Gate(clock)); // a system id has no colon
    }

    private final class Context implements ConnectorContext {
        private final String system;

        Context(String system) {
            this.system = system;
        }

        @Override
        public Clock clock() {
            return clock;
        }

        /** Secrets come from environment variables; rotated ones cannot be kept there. */
        @Override
        public SecretStore secrets() {
            return new SecretStore() {
                @Override
                public String get(String name) {
                    return System.getenv(name);
                }

                @Override
                public void put(String name, String value) {
                    throw new HubException(
                            HubErrorCode.NOT_POSSIBLE,
                            "the secret " + name + " comes from the environment, which the hub cannot change");
                }
            };
        }

        @Override
        public RateGate gate(String bucket) {
            return Connectors.this.gate(system, bucket);
        }
    }
}
