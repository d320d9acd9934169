package io.kintsugi.server.engine;

import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;
import java.util.List;

/** Deletions on a real Neo4j. */
class DeletionIT extends DeletionContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }

    @Override
    protected List<Action> actions() {
        return List.of(Action.PROPAGATE);
    }
}
