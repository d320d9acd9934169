package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Merges inside systems on a real Neo4j. */
class SystemMergeIT extends SystemMergeContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
