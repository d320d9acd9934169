package io.kintsugi.server.api;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;

class StewardRacesIT extends StewardRaces {
    @Override
    HubStore emptyStore() {
        return TestGraph.empty();
    }
}
