package io.kintsugi.graph;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.ReviewsContract;

class GraphReviewsIT extends ReviewsContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }
}
