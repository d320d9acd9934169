package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Merges of several records at once, on a real Neo4j. */
class SeveralLosersIT extends SeveralLosersContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
