package io.kintsugi.server.api;

import io.kintsugi.core.store.Page;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Sorts and pages a list that is at hand whole, as the store does with those that are not: a cursor is the place of the last item
 * shown, so it stays valid while the list changes.
 *
 * @param id tells items apart; ties go by it, in the direction of the sort
 * @param orders by the value of parameter {@code sort}; the first is the default
 */
record Listing<T>(Function<T, String> id, Map<String, Order<T>> orders) {
    /** @param key sorts as text; see {@link #text(Instant)} and {@link #text(long)} */
    record Order<T>(Function<T, String> key, boolean descending) {}

    private record Place(String key, String id) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return Comparator.comparing(Place::key).thenComparing(Place::id).compare(this, other);
        }

        String cursor(String sort) {
            var text = String.join("\0", sort, key, id);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        /** Null to begin. */
        static Place parse(String cursor, String sort) {
            if (cursor == null) return null;
            try {
                var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
                var parts = text.split("\0", 3);
                if (parts.length == 3 && parts[0].equals(sort)) return new Place(parts[1], parts[2]);
            } catch (IllegalArgumentException e) { // answered below
            }
            throw Refused.badRequest("the cursor is not one of this list in this order; begin without a cursor");
        }
    }

    static <T> Listing<T> of(Function<T, String> id) {
        return new Listing<>(id, Map.of());
    }

    /**
     * The same list, also sortable by a key in both directions.
     *
     * @param sort name of the key; with a minus before it the descending order comes first, as a default
     */
    Listing<T> by(String sort, Function<T, String> key) {
        var name = sort.startsWith("-") ? sort.substring(1) : sort;
        var both = only(sort, key, sort.startsWith("-"));
        return sort.equals(name) ? both.only("-" + name, key, true) : both.only(name, key, false);
    }

    /** The same list, also sortable by the id. */
    Listing<T> byId(String sort) {
        return by(sort, item -> "");
    }

    /** The same list, also sortable by a key in one direction. */
    Listing<T> only(String sort, Function<T, String> key, boolean descending) {
        var more = new LinkedHashMap<>(orders);
        more.put(sort, new Order<>(key, descending));
        return new Listing<>(id, more);
    }

    /** The page that a call asks for. */
    Page<T> page(Call call, Collection<T> items) {
        var sorts = List.copyOf(orders.keySet());
        var sort = call.oneOf("sort", sorts, sorts.get(0));
        var order = orders.get(sort);
        var after = Place.parse(call.cursor(), sort);
        Comparator<T> comparator = Comparator.comparing(item -> place(order, item));
        if (order.descending()) comparator = comparator.reversed();
        var rest = new ArrayList<T>();
        for (var item : items) {
            int side = after == null ? 1 : place(order, item).compareTo(after);
            if (order.descending() && after != null ? side < 0 : side > 0) rest.add(item);
        }
        rest.sort(comparator);
        int limit = call.limit();
        if (rest.size() <= limit) return new Page<>(rest, null);
        var shown = rest.subList(0, limit);
        return new Page<>(shown, place(order, shown.get(limit - 1)).cursor(sort));
    }

    private Place place(Order<T> order, T item) {
        return new Place(order.key().apply(item), id.apply(item));
    }

    /** Sorts as the instants do; what has none comes first. */
    static String text(Instant at) {
        return at == null ? "" : text(at.getEpochSecond()) + "%09d".formatted(at.getNano());
    }

    /** Sorts as the numbers do. */
    static String text(long number) {
        return "%016x".formatted(number ^ Long.MIN_VALUE);
    }
}
