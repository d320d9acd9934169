package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;

class LadderTest extends LadderContract {
    @Override
    protected HubStore emptyStore() {
        return new MemoryHubStore();
    }
}
