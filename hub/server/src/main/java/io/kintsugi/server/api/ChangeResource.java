package io.kintsugi.server.api;

import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The durable feed of changes of goldens, page by page. */
final class ChangeResource {
    private static final int MOST_PAGES = 20;
    private final HubStore store;

    record FeedView(List<ChangeView> items, long next, long end) {}

    ChangeResource(HubStore store) {
        this.store = store;
    }

    void register(Routes routes) {
        routes.get("/api/v1/changes", this::list);
    }

    private Reply list(Call call) {
        long since = call.number("since", 0, Long.MAX_VALUE, 0);
        int limit = call.limit();
        var type = call.entityType();
        boolean withGolden = call.oneOf("include", List.of("golden"), null) != null;
        return Reply.ok(store.read(tx -> page(tx, since, limit, type, withGolden)));
    }

    private static FeedView page(HubTransaction tx, long since, int limit, String type, boolean withGolden) {
        long next = since;
        List<GoldenRevision> changes = List.of();
        for (int pages = 0; pages < MOST_PAGES && changes.isEmpty(); pages++) {
            var page = tx.goldens().feed(next, limit);
            if (page.isEmpty()) break;
            next = page.get(page.size() - 1).sequence();
            changes = page.stream()
                    .filter(change -> type == null || type.equals(change.entityType()))
                    .toList();
        }
        var goldens = withGolden ? goldens(tx, changes) : Map.<String, GoldenView>of();
        var items = new ArrayList<ChangeView>();
        for (var change : changes) items.add(ChangeView.of(change, null, goldens.get(change.goldenId())));
        return new FeedView(items, next, tx.goldens().feedEnd());
    }

    private static Map<String, GoldenView> goldens(HubTransaction tx, List<GoldenRevision> changes) {
        var current = new HashMap<String, String>();
        for (var change : changes) current.computeIfAbsent(change.goldenId(), tx.goldens()::currentId);
        var views = GoldenReader.views(tx, new TreeSet<>(current.values()));
        var goldens = new HashMap<String, GoldenView>();
        current.forEach((asked, id) -> {
            if (views.containsKey(id)) goldens.put(asked, views.get(id).askedAs(asked));
        });
        return goldens;
    }
}
