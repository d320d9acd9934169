package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Modes, on a real Neo4j. */
class ModesIT extends ModesContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
