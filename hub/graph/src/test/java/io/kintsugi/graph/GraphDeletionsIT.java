package io.kintsugi.graph;

import io.kintsugi.core.store.DeletionsContract;
import io.kintsugi.core.store.HubStore;

class GraphDeletionsIT extends DeletionsContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
