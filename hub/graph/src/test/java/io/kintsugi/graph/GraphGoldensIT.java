package io.kintsugi.graph;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.GoldensContract;

class GraphGoldensIT extends GoldensContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
