package io.kintsugi.connector.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** One write. {@code set} holds only fields that change, in the Java types of {@link NativeRecord#fields()}. */
public sealed interface WriteOp {
    /** Names the op in its result and in logs; unique. */
    String opId();

    /** Insert, never upsert. {@code linkKey} names the intent and goes into {@link Writer.WriteOptions#linkKeyField()}. */
    record Create(String opId, String linkKey, Map<String, Object> set) implements WriteOp {
        public Create {
            set = Map.copyOf(set);
        }
    }

    /**
     * Changes fields of one record.
     *
     * @param clear fields to make empty
     * @param expected native values the changed fields are believed to hold now, null values meaning empty; a connector with
     *     {@link Capabilities.Op#CONDITIONAL_UPDATE} applies the op only if {@code expectedVersion} (or, without versions, these
     *     values) still hold, and answers {@code VERSION_CONFLICT} otherwise
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
            set = Map.copyOf(set);
            clear = Set.copyOf(clear);
            expected = Collections.unmodifiableMap(new LinkedHashMap<>(expected));
        }
    }

    /** Removes one record. */
    record Delete(String opId, String id, String expectedVersion) implements WriteOp {}
}
