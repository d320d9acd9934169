package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;

/** Deletions of records that move, in memory. */
class DeletionWhereaboutsTest extends DeletionWhereaboutsContract {
    @Override
    protected HubStore emptyStore() {
        return new MemoryHubStore();
    }
}
