package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.Page;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.function.Function;

/**
 * Cuts pages. A cursor is the place of the last item shown, not a count, so it stays valid while the list changes.
 *
 * @param sort text that orders as the list does
 * @param id decides ties, in the same direction
 */
record Pages<T>(Function<T, String> sort, Function<T, String> id, boolean descending) {
    private record Place(String sort, String id) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int first = sort.compareTo(other.sort);
            return first != 0 ? first : id.compareTo(other.id);
        }

        String cursor() {
            var text = sort.length() + ":" + sort + id;
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        static Place parse(String cursor) {
            try {
                var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
                int colon = text.indexOf(':');
                int end = colon + 1 + Integer.parseInt(text.substring(0, colon));
                return new Place(text.substring(colon + 1, end), text.substring(end));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new HubException(
                        HubErrorCode.BAD_REQUEST, "the cursor is not one of this list; begin without a cursor", e);
            }
        }
    }

    /** An item with its place, which takes longer to find than to compare. */
    private record Placed<T>(Place place, T item) {}

    static <T> Pages<T> newestFirst(Function<T, Instant> at, Function<T, String> id) {
        return new Pages<>(item -> text(at.apply(item)), id, true);
    }

    Pages<T> turned() {
        return new Pages<>(sort, id, !descending);
    }

    Comparator<T> order() {
        Comparator<T> ascending = Comparator.comparing(this::place);
        return descending ? ascending.reversed() : ascending;
    }

    /** @param items in any order */
    Page<T> cut(Collection<T> items, String cursor, int limit) {
        var after = cursor == null ? null : Place.parse(cursor);
        var rest = new ArrayList<Placed<T>>();
        for (var item : items) {
            var place = place(item);
            int order = after == null ? 0 : place.compareTo(after);
            if (after == null || (descending ? order < 0 : order > 0)) rest.add(new Placed<>(place, item));
        }
        var order = Comparator.<Placed<T>, Place>comparing(Placed::place);
        rest.sort(descending ? order.reversed() : order);
        var shown = rest.size() <= limit ? rest : rest.subList(0, limit);
        return new Page<>(
                shown.stream().map(Placed::item).toList(),
                rest.size() <= limit ? null : rest.get(limit - 1).place().cursor());
    }

    private Place place(T item) {
        return new Place(sort.apply(item), id.apply(item));
    }

    /** Orders as the instants do. */
    static String text(Instant at) {
        var hex = HexFormat.of();
        return hex.toHexDigits(at.getEpochSecond() ^ Long.MIN_VALUE) + hex.toHexDigits(at.getNano());
    }

    /** Orders as the numbers do. */
    static String text(double number) {
        long bits = Double.doubleToLongBits(number);
        return HexFormat.of().toHexDigits(bits ^ ((bits >> 63) | Long.MIN_VALUE));
    }
}
