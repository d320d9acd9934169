package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;

class ReturnTest extends ReturnContract {
    @Override
    protected HubStore emptyStore() {
        return new MemoryHubStore();
    }
}
