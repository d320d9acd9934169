package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Merges of merges that systems followed, on a real Neo4j. */
class MergeChainIT extends MergeChainContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
