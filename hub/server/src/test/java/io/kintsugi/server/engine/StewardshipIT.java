package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** What stewards decide, on a real Neo4j. */
class StewardshipIT extends StewardshipContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
