package io.kintsugi.graph;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.store.Goldens;
import io.kintsugi.core.store.Goldens.Filter;
import io.kintsugi.core.store.Page;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** One list of golden records. The default one reads along an index; the others look at every golden that the filter allows. */
final class GoldenList {
    private final GraphQueries queries;
    private final Filter filter;
    private final String search;

    GoldenList(GraphQueries queries, Filter filter) {
        this.queries = queries;
        this.filter = filter;
        var words = filter.text() == null ? null : Goldens.words(filter.text());
        // words hold letters and digits only, so there is nothing to escape; AND is told from words by its case
        this.search = words == null || words.isEmpty()
                ? null
                : words.stream().map(word -> word + "*").collect(Collectors.joining(" AND "));
    }

    Page<GoldenRecord> page(String cursor, int limit) {
        var parameters = new HashMap<String, Object>();
        parameters.put("type", filter.entityType());
        parameters.put("state", filter.state() == null ? null : filter.state().name());
        parameters.put("system", filter.system());
        parameters.put("equal", filter.equal());
        parameters.put("minimumRecords", filter.minimumRecords());
        parameters.put("limit", (long) limit + 1);
        var after = cursor == null ? null : PageCursor.parse(cursor);
        var recent = search == null && filter.descending() && filter.sort().equals("updatedAt");
        var query = recent ? recent(parameters, after) : sorted(parameters, after);
        var found = queries.list(query, parameters).stream()
                .map(row -> GoldenNodes.golden(row.get("properties"), row.get("redirectsTo")))
                .toList();
        return PageCursor.cut(found, limit, this::place);
    }

    private static Cypher recent(Map<String, Object> parameters, PageCursor after) {
        parameters.put("beforeAt", after == null ? Times.FAR_FUTURE : Times.stored(after.sortAsInstant()));
        parameters.put("beforeId", after == null ? "" : after.id());
        return Cypher.LIST_RECENT_GOLDENS;
    }

    private Cypher sorted(Map<String, Object> parameters, PageCursor after) {
        parameters.put("sort", filter.sort());
        parameters.put("afterId", after == null ? null : after.id());
        parameters.put("afterValue", after == null ? null : value(after));
        if (search == null) {
            return filter.descending() ? Cypher.LIST_GOLDENS_DESCENDING : Cypher.LIST_GOLDENS_ASCENDING;
        }
        parameters.put("query", search);
        return filter.descending() ? Cypher.SEARCH_GOLDENS_DESCENDING : Cypher.SEARCH_GOLDENS_ASCENDING;
    }

    private Object value(PageCursor after) {
        return switch (filter.sort()) {
            case "updatedAt", "createdAt" -> Times.stored(after.sortAsInstant());
            default -> after.sort();
        };
    }

    private PageCursor place(GoldenRecord golden) {
        return switch (filter.sort()) {
            case "updatedAt" -> PageCursor.of(golden.updatedAt(), golden.id());
            case "createdAt" -> PageCursor.of(golden.createdAt(), golden.id());
            case "label" -> new PageCursor(golden.label().toLowerCase(Locale.ROOT), golden.id());
            default -> new PageCursor(golden.id(), golden.id());
        };
    }
}
