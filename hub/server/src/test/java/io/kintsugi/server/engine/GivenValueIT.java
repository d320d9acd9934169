package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Values of stewards on a real Neo4j. */
class GivenValueIT extends GivenValueContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
