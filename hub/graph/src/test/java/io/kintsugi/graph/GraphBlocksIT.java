package io.kintsugi.graph;

import io.kintsugi.core.store.BlocksContract;
import io.kintsugi.core.store.HubStore;

class GraphBlocksIT extends BlocksContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
