package io.kintsugi.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Reads one block of a configuration document and refuses what it does not know, with the nearest known key. Every problem names the
 * place in the document.
 */
final class Fields {
    private static final Pattern TIME = Pattern.compile("(\\d+)\\s*(s|m|h|d|w|y)");

    private final JsonNode node;
    private final String where;
    private final Set<String> known = new LinkedHashSet<>();

    /** @param where path for messages, for example {@code systems.crm} */
    Fields(JsonNode node, String where) {
        if (node != null && !node.isObject() && !node.isMissingNode() && !node.isNull()) {
            throw bad(where, "must be a block of keys and values");
        }
        this.node = node == null || node.isNull() ? MissingNode.getInstance() : node;
        this.where = where;
    }

    private JsonNode get(String key) {
        known.add(key);
        var value = node.path(key);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    Optional<String> text(String key) {
        var value = get(key);
        if (value.isMissingNode()) return Optional.empty();
        if (value.isContainerNode()) throw bad(where + "." + key, "must be one value");
        return Optional.of(value.asText());
    }

    String required(String key) {
        return text(key).filter(v -> !v.isBlank()).orElseThrow(() -> bad(where, "needs the key " + key));
    }

    boolean flag(String key, boolean otherwise) {
        var text = text(key);
        if (text.isEmpty()) return otherwise;
        return switch (text.get().toLowerCase(Locale.ROOT)) {
            case "true", "yes" -> true;
            case "false", "no" -> false;
            default -> throw bad(where + "." + key, "must be true or false");
        };
    }

    double number(String key, double otherwise) {
        var text = text(key);
        try {
            return text.isEmpty() ? otherwise : Double.parseDouble(text.get());
        } catch (NumberFormatException e) {
            throw bad(where + "." + key, "must be a number");
        }
    }

    /** A span of time such as {@code 90s}, {@code 12h}, {@code 30d}, {@code 8w} or {@code 2y}. */
    Duration period(String key, Duration otherwise) {
        var text = text(key);
        if (text.isEmpty()) return otherwise;
        var time = TIME.matcher(text.get().strip().toLowerCase(Locale.ROOT));
        if (!time.matches() || time.group(1).length() > 9) {
            throw bad(where + "." + key, "\"" + text.get() + "\" is no time; write it such as 12h, 30d, 8w or 2y");
        }
        long count = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            case "w" -> Duration.ofDays(7 * count);
            default -> Duration.ofDays(365 * count);
        };
    }

    List<String> list(String key) {
        var value = get(key);
        if (value.isMissingNode()) return List.of();
        if (value.isValueNode()) return List.of(value.asText());
        if (!value.isArray()) throw bad(where + "." + key, "must be a list");
        var list = new ArrayList<String>();
        value.forEach(item -> list.add(item.asText()));
        return list;
    }

    /** The block under a key; empty if it is not there. */
    Fields block(String key) {
        return new Fields(get(key), where + "." + key);
    }

    JsonNode raw(String key) {
        return get(key);
    }

    /** All keys of the block with their values, in the order of the document; for blocks whose keys are names people choose. */
    Map<String, JsonNode> entries() {
        var entries = new LinkedHashMap<String, JsonNode>();
        for (var entry : node.properties()) {
            known.add(entry.getKey());
            entries.put(entry.getKey(), entry.getValue());
        }
        return entries;
    }

    String where() {
        return where;
    }

    boolean isEmpty() {
        return node.isMissingNode() || node.isEmpty();
    }

    /** Refuses keys nobody asked for. Call it last. */
    void done() {
        for (var entry : node.properties()) {
            if (!known.contains(entry.getKey())) {
                throw bad(where, "does not know the key \"" + entry.getKey() + "\"" + nearest(entry.getKey(), known));
            }
        }
    }

    static String nearest(String name, Iterable<String> known) {
        String best = null;
        int distance = Integer.MAX_VALUE;
        for (var candidate : known) {
            int d = LevenshteinDistance.getDefaultInstance()
                    .apply(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (d < distance) {
                best = candidate;
                distance = d;
            }
        }
        return best == null
                ? ""
                : distance <= Math.max(2, name.length() / 3)
                        ? "; did you mean \"" + best + "\"?"
                        : "; it knows " + String.join(", ", known);
    }

    <E extends Enum<E>> E oneOf(String key, Class<E> type, E otherwise) {
        var text = text(key);
        if (text.isEmpty()) {
            if (otherwise != null) return otherwise;
            throw bad(where, "needs the key " + key);
        }
        return constant(where + "." + key, type, text.get());
    }

    static <E extends Enum<E>> E constant(String where, Class<E> type, String text) {
        for (var constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text.replace('-', '_'))) return constant;
        }
        var names = new ArrayList<String>();
        for (var constant : type.getEnumConstants()) names.add(constant.name().toLowerCase(Locale.ROOT));
        throw bad(where, "does not know \"" + text + "\"" + nearest(text, names));
    }

    static HubException bad(String where, String what) {
        return new HubException(HubErrorCode.BAD_CONFIGURATION, "configuration: " + where + " " + what);
    }
}
