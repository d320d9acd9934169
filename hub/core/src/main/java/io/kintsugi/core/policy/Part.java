package io.kintsugi.core.policy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** One block of a document with the path that leads to it. */
record Part(String where, Map<?, ?> values) {
    /** Refuses keys that are not of {@code known}. */
    void only(Set<String> known) {
        for (var key : values.keySet()) {
            if (!known.contains(String.valueOf(key))) {
                throw new IllegalArgumentException(where + " has an unknown key \"" + key + "\"; there are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    /** A block inside this one; empty if there is none. @param known its keys; null if they are names */
    Part part(String key, Set<String> known) {
        var value = values.get(key);
        if (value != null && !(value instanceof Map)) {
            throw new IllegalArgumentException(where + "." + key + " must be a block of keys and values");
        }
        var part = new Part(where + "." + key, value == null ? Map.of() : (Map<?, ?>) value);
        if (known != null) part.only(known);
        return part;
    }

    double number(String key, double byDefault) {
        var value = values.get(key);
        if (value == null && !Double.isNaN(byDefault)) return byDefault;
        if (value instanceof Number number) return number.doubleValue();
        throw new IllegalArgumentException(
                where + "." + key + (value == null ? " is missing" : " must be a number, not \"" + value + "\""));
    }

    List<String> list(String key) {
        if (values.get(key) instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        throw new IllegalArgumentException(where + "." + key + " must be a list");
    }

    /** Makes a value, and puts the path before what it refuses. */
    <T> T valid(String key, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            var path = key == null ? where : where + "." + key;
            throw e.getMessage().startsWith(where) ? e : new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }
}
