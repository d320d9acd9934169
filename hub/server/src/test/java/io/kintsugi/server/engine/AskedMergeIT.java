package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Merges that a person is asked about, on a real Neo4j. */
class AskedMergeIT extends AskedMergeContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
