package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Authority on a real Neo4j. */
class AuthorityIT extends AuthorityContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
