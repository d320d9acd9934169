package io.kintsugi.server.engine.shared;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a resolver remembers from batch to batch. Losing it costs time only. Thread-safe.
 *
 * @param generic block keys that were seen to be generic, which they are for ever
 */
public record Memory(ProfileCache profiles, Set<String> generic) {
    /** Nothing remembered yet. */
    public static Memory empty() {
        return new Memory(new ProfileCache(), ConcurrentHashMap.newKeySet());
    }
}
