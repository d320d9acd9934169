package io.kintsugi.graph;

import io.kintsugi.core.store.GoldenListContract;
import io.kintsugi.core.store.HubStore;

class GraphGoldenListIT extends GoldenListContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
