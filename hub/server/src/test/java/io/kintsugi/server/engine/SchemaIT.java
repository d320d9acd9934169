package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Schemas that change, on a real Neo4j. */
class SchemaIT extends SchemaContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
