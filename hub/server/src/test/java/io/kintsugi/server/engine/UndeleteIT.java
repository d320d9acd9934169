package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Records that come back, on a real Neo4j. */
class UndeleteIT extends UndeleteContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
