package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

/** Deletions of records that move, on a real Neo4j. */
class DeletionWhereaboutsIT extends DeletionWhereaboutsContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
