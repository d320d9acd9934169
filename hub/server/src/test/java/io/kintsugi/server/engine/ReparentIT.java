package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Reparent on a real Neo4j. */
class ReparentIT extends ReparentContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
