package io.kintsugi.graph;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.JournalContract;

class GraphJournalIT extends JournalContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
