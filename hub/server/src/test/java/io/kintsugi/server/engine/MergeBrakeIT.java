package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** The brake on merges, on a real Neo4j. */
class MergeBrakeIT extends MergeBrakeContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
