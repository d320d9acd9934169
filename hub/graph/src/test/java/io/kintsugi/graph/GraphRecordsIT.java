package io.kintsugi.graph;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.RecordsContract;

class GraphRecordsIT extends RecordsContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
