package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** The flow on a real Neo4j. */
class FlowIT extends FlowContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
