package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Contested records, on a real Neo4j. */
class ContestedIT extends ContestedContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
