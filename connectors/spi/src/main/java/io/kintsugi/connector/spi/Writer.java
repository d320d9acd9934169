package io.kintsugi.connector.spi;

import java.time.Duration;
import java.util.List;

/** Writes records. */
public interface Writer {
    /**
     * Writes a batch. Throws only when <em>nothing</em> in the call can have been applied; everything else is said per op.
     *
     * @param ops at most {@link Capabilities#maxBatch()}, no two for one record
     * @return exactly one result per op, in any order, matched by {@link WriteOp#opId()}
     */
    List<WriteResult> write(String stream, List<WriteOp> ops, WriteOptions options) throws ConnectorException;

    /**
     * How to write.
     *
     * @param linkKeyField native field with a unique constraint that holds the key of the intent that created a record, so that a
     *     repeated create is refused as a duplicate; null if the stream has none
     * @param deadline give up after this long; an op in flight then is {@link WriteResult.Ambiguous}
     */
    record WriteOptions(String linkKeyField, Duration deadline) {
        public WriteOptions {
            if (deadline == null || deadline.isNegative() || deadline.isZero())
                throw new IllegalArgumentException("deadline is " + deadline);
        }
    }
}
