package io.kintsugi.graph;

import io.kintsugi.core.store.GoldensContract;
import io.kintsugi.core.store.HubStore;

class GraphGoldensIT extends GoldensContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
