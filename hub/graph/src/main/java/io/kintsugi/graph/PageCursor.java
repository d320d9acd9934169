package io.kintsugi.graph;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.Page;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Place of the last item of a page: the next one begins behind it, also when the list has changed meanwhile.
 *
 * @param sort value the list is sorted by, as text
 * @param id decides ties
 */
record PageCursor(String sort, String id) {
    static PageCursor of(Instant at, String id) {
        return new PageCursor(at.toString(), id);
    }

    String text() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.write(List.of(sort, id)).getBytes(UTF_8));
    }

    /** @throws HubException with {@code BAD_REQUEST} if the text is none of ours */
    static PageCursor parse(String text) {
        JsonNode parts;
        try {
            parts = Json.read(new String(Base64.getUrlDecoder().decode(text), UTF_8));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw refused(e);
        }
        if (parts.size() != 2 || !parts.get(0).isTextual() || !parts.get(1).isTextual()) {
            throw refused(null);
        }
        return new PageCursor(parts.get(0).asText(), parts.get(1).asText());
    }

    Instant sortAsInstant() {
        try {
            return Instant.parse(sort);
        } catch (DateTimeException e) {
            throw refused(e);
        }
    }

    double sortAsNumber() {
        try {
            return Double.parseDouble(sort);
        } catch (NumberFormatException e) {
            throw refused(e);
        }
    }

    private static HubException refused(Exception cause) {
        return new HubException(
                HubErrorCode.BAD_REQUEST, "the cursor is not one of this list; begin without a cursor", cause);
    }

    /** Parameters of a query that lists by an instant, newest first: {@code beforeAt}, {@code beforeId} and {@code limit}. */
    static Map<String, Object> before(String cursor, int limit) {
        var before = cursor == null ? null : parse(cursor);
        return Map.of(
                "beforeAt", before == null ? Times.FAR_FUTURE : Times.stored(before.sortAsInstant()),
                "beforeId", before == null ? "" : before.id(),
                "limit", (long) limit + 1);
    }

    /** Parameters of a query that lists by an instant, oldest first: {@code afterAt}, {@code afterId} and {@code limit}. */
    static Map<String, Object> after(String cursor, int limit) {
        var after = cursor == null ? null : parse(cursor);
        return Map.of(
                "afterAt", after == null ? Times.FAR_PAST : Times.stored(after.sortAsInstant()),
                "afterId", after == null ? "" : after.id(),
                "limit", (long) limit + 1);
    }

    /**
     * Cuts a page from a list that was read one longer than asked, to see whether there is a next one.
     *
     * @param place of an item
     */
    static <T> Page<T> cut(List<T> found, int limit, Function<T, PageCursor> place) {
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        return new Page<>(
                found.subList(0, limit), place.apply(found.get(limit - 1)).text());
    }
}
