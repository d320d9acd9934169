package io.kintsugi.server.config;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;

class DecidedUnderTest extends DecidedUnderContract {
    @Override
    HubStore emptyStore() {
        return new MemoryHubStore();
    }
}
