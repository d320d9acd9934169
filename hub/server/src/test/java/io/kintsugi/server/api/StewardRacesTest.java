package io.kintsugi.server.api;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;

class StewardRacesTest extends StewardRaces {
    @Override
    HubStore emptyStore() {
        return new MemoryHubStore();
    }
}
