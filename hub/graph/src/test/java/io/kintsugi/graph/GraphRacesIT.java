package io.kintsugi.graph;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.RacesContract;

class GraphRacesIT extends RacesContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
