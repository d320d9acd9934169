package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;

class OwnMergeTest extends OwnMergeContract {
    @Override
    protected HubStore emptyStore() {
        return new MemoryHubStore();
    }
}
