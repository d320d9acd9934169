package io.kintsugi.graph;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.MergesContract;

class GraphMergesIT extends MergesContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
