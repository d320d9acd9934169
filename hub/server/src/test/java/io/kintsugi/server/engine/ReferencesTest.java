package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;

/** References in memory, with every transaction run twice: nothing outside the store may remember the first run. */
class ReferencesTest extends ReferencesContract {
    @Override
    protected HubStore emptyStore() {
        var store = new MemoryHubStore();
        store.runWorkTwice(true);
        return store;
    }
}
