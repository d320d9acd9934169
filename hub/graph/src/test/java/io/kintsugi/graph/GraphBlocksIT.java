package io.kintsugi.graph;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.BlocksContract;

class GraphBlocksIT extends BlocksContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
