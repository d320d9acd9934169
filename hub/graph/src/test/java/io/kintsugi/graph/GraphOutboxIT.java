package io.kintsugi.graph;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.OutboxContract;

class GraphOutboxIT extends OutboxContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
