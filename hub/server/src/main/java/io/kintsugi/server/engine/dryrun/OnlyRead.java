package io.kintsugi.server.engine.dryrun;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.SnapshotSource;
import java.util.Optional;

/**
 * A connector of which nothing but reading is left. A stream that can be read whole is only read so: following its changes may leave
 * something behind in the system, such as a place in its log.
 */
record OnlyRead(Connector connector) implements Connector {
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
        boolean whole = connector.facet(SnapshotSource.class).isPresent();
        return type.equals(SnapshotSource.class) || type.equals(ChangeSource.class) && !whole
                ? connector.facet(type)
                : Optional.empty();
    }

    @Override
    public void close() {
        connector.close();
    }
}
