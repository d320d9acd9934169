package io.kintsugi.graph;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.TransactionContract;

class GraphTransactionIT extends TransactionContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
