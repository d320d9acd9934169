package io.kintsugi.graph;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.GoldenListContract;

class GraphGoldenListIT extends GoldenListContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
