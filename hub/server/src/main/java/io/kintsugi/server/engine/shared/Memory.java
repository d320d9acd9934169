package io.kintsugi.server.engine.shared;

import java.util.Set;

/**
 * What a resolver remembers from batch to batch. Losing it costs time only. Thread-safe.
 *
 * @param generic block keys that are known to be generic before any record is stored: a first load counts all its records first
 */
public record Memory(ProfileCache profiles, Set<String> generic) {
    /** Nothing remembered yet. */
    public static Memory empty() {
        return new Memory(new ProfileCache(), Set.of());
    }
}
