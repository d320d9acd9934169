package io.kintsugi.graph;

import io.kintsugi.core.store.ErasuresContract;
import io.kintsugi.core.store.HubStore;

class GraphErasuresIT extends ErasuresContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
