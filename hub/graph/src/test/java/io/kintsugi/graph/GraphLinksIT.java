package io.kintsugi.graph;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.LinksContract;

class GraphLinksIT extends LinksContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
