package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** References on a real Neo4j. */
class ReferencesIT extends ReferencesContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
