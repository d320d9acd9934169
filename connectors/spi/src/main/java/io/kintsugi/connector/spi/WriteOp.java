package io.kintsugi.connector.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** One write. {@code set} holds only fields that change, in the Java types of {@link NativeRecord#fields()}. */
public sealed interface WriteOp {
    /** Names the op in its result and in logs; unique. */
    String opId();

    /**
     * Insert, never upsert.
     *
     * @param linkKey names the intent and goes into {@link Writer.WriteOptions#linkKeyField()}; null if the stream has none
     */
    record Create(String opId, String linkKey, Map<String, Object> set) implements WriteOp {
        public Create {
            requireName("opId", opId);
            set = Map.copyOf(set);
        }
    }

    /**
     * Changes fields of one record.
     *
     * @param clear fields to make empty
     * @param expected native values the changed fields are believed to hold now, null values meaning empty; a connector with
     *     {@link Capabilities.Op#CONDITIONAL_UPDATE} applies the op only if these values and, where there are versions,
     *     {@code expectedVersion} still hold, and answers {@code VERSION_CONFLICT} otherwise
     * @param expectedVersion version last read; null if unknown
     */
    record Update(
            String opId,
            String id,
            Map<String, Object> set,
            Set<String> clear,
            Map<String, Object> expected,
            String expectedVersion)
            implements WriteOp {
        public Update {
            requireName("opId", opId);
            requireName("id", id);
            set = Map.copyOf(set);
            clear = Set.copyOf(clear);
            for (String field : clear)
                if (set.containsKey(field))
                    throw new IllegalArgumentException("op " + opId + " both sets and clears " + field);
            expected = Collections.unmodifiableMap(new LinkedHashMap<>(expected));
        }
    }

    /**
     * Removes one record, or marks it: {@link Capabilities.Op#DELETE}, {@link Capabilities.Op#ARCHIVE}.
     *
     * @param expected as in {@link Update}, for any fields of the record; empty if it is to go whatever it holds
     * @param expectedVersion version last read; null if unknown
     */
    record Delete(String opId, String id, Map<String, Object> expected, String expectedVersion) implements WriteOp {
        public Delete {
            requireName("opId", opId);
            requireName("id", id);
            expected = Collections.unmodifiableMap(new LinkedHashMap<>(expected));
        }
    }

    private static void requireName(String what, String value) {
        if (value == null || value.isBlank()) throw new IllegalArgumentException(what + " of a write is blank");
    }
}
