package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.Writer;
import java.util.Optional;

/** A connector that fails the test when somebody writes through it, or only asks for anything that could write. */
record NoWrites(Connector connector) implements Connector {
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
        if (type.equals(Writer.class)) {
            Writer writer = (stream, ops, options) -> {
                throw new AssertionError("a dry run writes " + ops);
            };
            return Optional.of(type.cast(writer));
        }
        boolean reads = type.equals(SnapshotSource.class) || type.equals(ChangeSource.class);
        if (!reads) throw new AssertionError("a dry run asks for " + type.getSimpleName());
        return connector.facet(type);
    }

    @Override
    public void close() {
        // the system goes on
    }
}
