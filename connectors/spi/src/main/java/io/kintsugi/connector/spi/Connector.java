package io.kintsugi.connector.spi;

import java.util.Optional;

/**
 * A live link to one source system. Threads: the engine calls different facets concurrently, but never the same facet for
 * the same stream at once, and never two writes of one record at once.
 */
public interface Connector extends AutoCloseable {
    /** Proves credentials, permissions and clock; never writes. A system that is down is a {@link ConnectorException.Transient}. */
    CheckReport check() throws ConnectorException;

    /** Reads the streams and fields the system offers now. Each call asks the system again. */
    Catalog discover() throws ConnectorException;

    /** The one facet everything else can be emulated from. Same instance on each call. */
    Lookups lookups();

    /**
     * An optional ability: {@link SnapshotSource}, {@link ChangeSource}, {@link Writer}, {@link Merger}, {@link Restorer},
     * {@link Linker} or {@link PushReceiver}.
     *
     * @return empty if the system cannot do it; always the same answer for one connector
     */
    <F> Optional<F> facet(Class<F> type);

    /** Frees connections. Second call does nothing; calls in flight may fail as {@link ConnectorException.Transient}. */
    @Override
    void close();
}
