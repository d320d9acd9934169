package io.kintsugi.server.config;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

class DecidedUnderIT extends DecidedUnderContract {
    @Override
    HubStore emptyStore() {
        return TestGraph.empty();
    }
}
