package io.kintsugi.server.engine.dryrun;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.connector.MarkingConnector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;

/**
 * Opens connectors that keep what they must remember in a folder which goes with them. Thread-safe.
 *
 * @param catalogs what a system was last seen to offer; gives null if that is not known
 */
public record DryReach(Connectors connectors, Function<String, Catalog> catalogs) implements DryRun.Reach {
    @Override
    public Connector open(SystemConfig system) throws ConnectorException {
        try {
            var state = Files.createTempDirectory("kintsugi-dry-run-");
            try {
                return new Passing(marking(connectors.openApart(system, state), system), state);
            } catch (ConnectorException | RuntimeException e) {
                delete(state);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It is only read. */
    private static Connector marking(Connector opened, SystemConfig system) {
        return new MarkingConnector(
                opened,
                system.id(),
                stream -> system.streams().stream()
                        .filter(mapping -> mapping.stream().equals(stream))
                        .findFirst()
                        .orElse(null),
                MarkingConnector.Memory.NONE);
    }

    @Override
    public Catalog catalog(String system) {
        return catalogs.apply(system);
    }

    /** A connector whose folder goes when it is closed. */
    private record Passing(Connector connector, Path state) implements Connector {
        @Override
        public CheckReport check() throws ConnectorException {
            return connector.check();
        }

        @Override
        public Catalog discover() throws ConnectorException {
            return connector.discover();
        }

        @Override
        public Lookups lookups() {
            return connector.lookups();
        }

        @Override
        public <F> Optional<F> facet(Class<F> type) {
            return connector.facet(type);
        }

        @Override
        public void close() {
            connector.close();
            delete(state);
        }
    }

    private static void delete(Path folder) {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
