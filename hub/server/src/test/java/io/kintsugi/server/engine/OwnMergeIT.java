package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Merges by the hub inside systems, on a real Neo4j. */
class OwnMergeIT extends OwnMergeContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
