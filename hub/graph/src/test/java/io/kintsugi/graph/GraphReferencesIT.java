package io.kintsugi.graph;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.ReferencesContract;

class GraphReferencesIT extends ReferencesContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
