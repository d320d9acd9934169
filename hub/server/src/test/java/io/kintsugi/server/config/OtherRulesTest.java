package io.kintsugi.server.config;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;

class OtherRulesTest extends OtherRulesContract {
    @Override
    HubStore emptyStore() {
        return new MemoryHubStore();
    }

    @Override
    int people() {
        return 1_200; // more than a page in each system
    }
}
