package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;

/** The brake on merges, in memory, with every transaction run twice: nothing outside the store may remember the first run. */
class MergeBrakeTest extends MergeBrakeContract {
    @Override
    protected HubStore emptyStore() {
        var store = new MemoryHubStore();
        store.runWorkTwice(true);
        return store;
    }
}
