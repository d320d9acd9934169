package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;

/** Schemas that change, in memory, with every transaction run twice. */
class SchemaTest extends SchemaContract {
    @Override
    protected HubStore emptyStore() {
        var store = new MemoryHubStore();
        store.runWorkTwice(true);
        return store;
    }
}
