package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Creates with the same key on a real Neo4j. */
class SameKeyIT extends SameKeyContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
