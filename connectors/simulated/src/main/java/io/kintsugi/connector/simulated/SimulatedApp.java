package io.kintsugi.connector.simulated;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.Merger;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.Restorer;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A source system in memory with several streams, whose references follow its merges. Thread-safe: people work in it with
 * {@link #people}, while the hub uses its {@link #connector}.
 */
public final class SimulatedApp {
    private final String id;
    private final SortedMap<String, SimulatedSystem> streams = new TreeMap<>();

    /** @param natures by the name of the stream; a reference leads to another of them */
    public SimulatedApp(String id, Map<String, Nature> natures, Clock clock) {
        this.id = id;
        natures.forEach((name, nature) -> streams.put(
                name, new SimulatedSystem(id, name, id + "-" + name.charAt(0), nature, clock, () -> Duration.ZERO)));
        for (var to : streams.values()) streams.values().forEach(to::referredBy);
    }

    /** Work of people in one stream; the hub waits meanwhile. */
    public synchronized <T> T people(String stream, Function<SimulatedSystem, T> work) {
        return work.apply(stream(stream));
    }

    private SimulatedSystem stream(String name) {
        var stream = streams.get(name);
        if (stream == null) throw new IllegalArgumentException(id + " has no stream " + name);
        return stream;
    }

    /** The way to this system for the hub. Closing it does nothing. */
    public Connector connector(Line line) {
        return new Link(line);
    }

    private final class Link implements Connector, Lookups, SnapshotSource, ChangeSource, Writer, Merger, Restorer {
        private final Map<String, SimulatedConnector> links = new LinkedHashMap<>();

        Link(Line line) {
            streams.forEach((name, stream) -> links.put(name, new SimulatedConnector(stream, line)));
        }

        private SimulatedConnector of(String stream) {
            stream(stream);
            return links.get(stream);
        }

        @Override
        public CheckReport check() throws ConnectorException {
            synchronized (SimulatedApp.this) {
                return links.values().iterator().next().check();
            }
        }

        @Override
        public Catalog discover() throws ConnectorException {
            synchronized (SimulatedApp.this) {
                var all = new ArrayList<StreamDef>();
                for (var link : links.values()) all.addAll(link.discover().streams());
                return new Catalog(id, all, all.toString());
            }
        }

        @Override
        public Lookups lookups() {
            return this;
        }

        @Override
        public <F> Optional<F> facet(Class<F> type) {
            boolean can =
                    links.values().stream().anyMatch(link -> link.facet(type).isPresent());
            return can ? Optional.of(type.cast(this)) : Optional.empty();
        }

        @Override
        public void close() {}

        @Override
        public Map<String, Lookup> byId(Query query, Collection<String> ids) throws ConnectorException {
            synchronized (SimulatedApp.this) {
                return of(query.stream()).byId(query, ids);
            }
        }

        @Override
        public Map<String, List<NativeRecord>> byKey(Query query, String keyField, Collection<String> values)
                throws ConnectorException {
            synchronized (SimulatedApp.this) {
                return of(query.stream()).byKey(query, keyField, values);
            }
        }

        @Override
        public Page page(Query query, Checkpoint cursor, int maxRecords) throws ConnectorException {
            synchronized (SimulatedApp.this) {
                return of(query.stream()).page(query, cursor, maxRecords);
            }
        }

        @Override
        public Checkpoint start(Query query, StartAt at) throws ConnectorException {
            synchronized (SimulatedApp.this) {
                return of(query.stream()).start(query, at);
            }
        }

        @Override
        public ChangeBatch poll(Query query, Checkpoint from, int maxRecords) throws ConnectorException {
            synchronized (SimulatedApp.this) {
                return of(query.stream()).poll(query, from, maxRecords);
            }
        }

        @Override
        public List<WriteResult> write(String stream, List<WriteOp> ops, WriteOptions options)
                throws ConnectorException {
            synchronized (SimulatedApp.this) {
                return of(stream).write(stream, ops, options);
            }
        }

        @Override
        public MergeResult merge(MergeCommand command) throws ConnectorException {
            synchronized (SimulatedApp.this) {
                return of(command.winner().stream()).merge(command);
            }
        }

        @Override
        public MergeResult poll(String handle) {
            throw new IllegalArgumentException("no merge is pending: " + handle);
        }

        @Override
        public List<WriteResult> undelete(String stream, Map<String, String> idsByOp) throws ConnectorException {
            synchronized (SimulatedApp.this) {
                return of(stream).undelete(stream, idsByOp);
            }
        }
    }
}
