package io.kintsugi.connector.simulated;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.WriteOp;
import java.time.Duration;

/** The way between the hub and a simulated system: time passes on it, and things get lost. */
public interface Line {
    /** Nothing ever goes wrong, and no time passes. */
    Line PERFECT = new Line() {};

    /** What becomes of a call. */
    enum Fate {
        ARRIVES,
        /** It never gets there; the caller waits in vain. */
        LOST,
        /** It gets there when the caller has given up. */
        LATE
    }

    /**
     * A call is on its way.
     *
     * @return what becomes of it; a reading is never {@code LATE}
     * @throws ConnectorException if it is certain that nothing of it happened
     */
    default Fate request(String system, boolean writes) throws ConnectorException {
        return Fate.ARRIVES;
    }

    /** The reply is on its way; false if it gets lost. */
    default boolean reply(String system) {
        return true;
    }

    /** A system was called too often and says after what time it wants to be called again. */
    default void limited(String system, Duration pause) {}

    /** Runs the effect of a call that arrives late. */
    default void later(Runnable effect) {
        effect.run();
    }

    /** Why one of the writes of a batch is refused, for now; null if it is not. */
    default RecordError refusal(WriteOp op) {
        return null;
    }

    /** How many changes before the position of a poll are told once more. */
    default int repeats() {
        return 0;
    }
}
