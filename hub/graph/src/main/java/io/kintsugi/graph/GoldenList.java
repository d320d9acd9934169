package io.kintsugi.graph;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.store.Goldens;
import io.kintsugi.core.store.Goldens.Filter;
import io.kintsugi.core.store.Page;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** One list of golden records. The default one and the one by id read along an index; the others look at every golden that the filter allows. */
final class GoldenList {
    /** The index cuts words into pieces of 255 letters, and takes a thousand conditions at most. */
    private static final int LONGEST_WORD = 100;

    private static final int MOST_WORDS = 50;

    private final GraphQueries queries;
    private final Filter filter;
    private final List<String> indexed;
    private final List<String> others;

    GoldenList(GraphQueries queries, Filter filter) {
        this.queries = queries;
        this.filter = filter;
        var words = filter.text() == null ? List.<String>of() : List.copyOf(Goldens.words(filter.text()));
        var few = words.size() <= MOST_WORDS && words.stream().allMatch(word -> word.length() <= LONGEST_WORD);
        this.indexed = few
                ? words
                : words.stream().map(GoldenList::beginning).limit(MOST_WORDS).toList();
        this.others = few ? List.of() : words;
    }

    private static String beginning(String word) {
        int letters = Math.min(word.codePointCount(0, word.length()), LONGEST_WORD);
        return word.substring(0, word.offsetByCodePoints(0, letters));
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
        var recent = indexed.isEmpty() && filter.descending() && filter.sort().equals("updatedAt");
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
        if (indexed.isEmpty() && filter.sort().equals("id") && !filter.descending()) {
            parameters.put("afterId", after == null ? "" : after.id());
            return Cypher.LIST_GOLDENS_BY_ID;
        }
        if (indexed.isEmpty()) {
            return filter.descending() ? Cypher.LIST_GOLDENS_DESCENDING : Cypher.LIST_GOLDENS_ASCENDING;
        }
        // words hold letters and digits only, so there is nothing to escape; AND is told from words by its case
        parameters.put("query", indexed.stream().map(word -> word + "*").collect(Collectors.joining(" AND ")));
        parameters.put("words", others);
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
