package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Turns on a real Neo4j. */
class TurnsIT extends TurnsContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }

    @Override
    protected int backlog() {
        return 200;
    }
}
