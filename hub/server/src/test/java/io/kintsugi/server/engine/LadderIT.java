package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** What goes from a system that cannot remove it, on a real Neo4j. */
class LadderIT extends LadderContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
