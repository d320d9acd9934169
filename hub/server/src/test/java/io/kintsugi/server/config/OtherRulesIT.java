package io.kintsugi.server.config;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

class OtherRulesIT extends OtherRulesContract {
    @Override
    HubStore emptyStore() {
        return TestGraph.empty();
    }

    @Override
    int people() {
        return 60;
    }
}
