package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;

/** Creates with the same key in memory. */
class SameKeyTest extends SameKeyContract {
    @Override
    protected HubStore emptyStore() {
        return new MemoryHubStore();
    }
}
