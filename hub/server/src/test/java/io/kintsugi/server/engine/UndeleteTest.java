package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;

class UndeleteTest extends UndeleteContract {
    @Override
    protected HubStore emptyStore() {
        return new MemoryHubStore();
    }
}
