package io.kintsugi.graph;

import io.kintsugi.core.store.FirstLoad;
import io.kintsugi.core.store.HubTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The first load of an embedded graph: what transactions would store goes into files, of which Neo4j's offline import makes a database.
 * That one takes the place of the empty one, and what was in there, such as published documents, is copied into it.
 */
public final class GraphFirstLoad implements FirstLoad {
    private static final String VERSIONS = "versions";
    private static final String FEED = "feed";

    private final EmbeddedNeo4j server;
    private final GraphHubStore store;
    private final ImportFiles files;
    private final AtomicLong version;
    private final NumberBlock versions;
    private boolean over;

    private GraphFirstLoad(EmbeddedNeo4j server, GraphHubStore store, ImportFiles files, long version) {
        this.server = server;
        this.store = store;
        this.files = files;
        this.version = new AtomicLong(version);
        versions = new NumberBlock(count -> this.version.getAndAdd(count) + 1);
    }

    /**
     * Begins a first load. Nothing of the graph changes before it is opened.
     *
     * @param store of that server; it {@linkplain GraphHubStore#holdsNoRecord holds no record}, and nobody writes to it meanwhile
     * @param attributes names of the attributes that records may have
     */
    public static GraphFirstLoad begin(EmbeddedNeo4j server, GraphHubStore store, Collection<String> attributes) {
        try {
            var folder = server.importHome();
            return new GraphFirstLoad(
                    server, store, new ImportFiles(folder, attributes, store.sequence(FEED)), store.sequence(VERSIONS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public <T> T write(Function<HubTransaction, T> work) {
        var queries = new ImportQueries(files);
        var transaction = new GraphTransaction(queries, versions);
        try {
            var result = work.apply(transaction);
            transaction.finish();
            queries.flush();
            return result;
        } finally {
            transaction.end();
        }
    }

    @Override
    public void open(Consumer<String> stages) {
        try {
            files.close();
            var before = store.everything();
            server.importDatabase(files.folder(), files.arguments(), stages);
            stages.accept("making the indexes");
            store.moved();
            store.restore(before, Map.of(VERSIONS, version.get(), FEED, files.feedEnd()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void keep() {
        try {
            server.keepDatabase();
            over = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (over) return;
        over = true;
        try {
            files.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            server.takeDatabaseBack();
            store.moved();
        }
    }
}
