package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Deletes of what is about to come back, on a real Neo4j. */
class ReturnIT extends ReturnContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
