package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;

/** Turns in memory. */
class TurnsTest extends TurnsContract {
    @Override
    protected HubStore emptyStore() {
        return new MemoryHubStore();
    }

    @Override
    protected int backlog() {
        return 10_000;
    }
}
