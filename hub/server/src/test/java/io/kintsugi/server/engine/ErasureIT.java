package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Erasures on a real Neo4j. */
class ErasureIT extends ErasureContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }

    @Override
    protected String everything() {
        return TestGraph.contents();
    }
}
