package io.kintsugi.connector.spi;

import java.time.Instant;

/** What a system says about one id. Four answers, because not visible is not the same as deleted. */
public sealed interface Lookup {
    /** It is there. */
    record Found(NativeRecord record) implements Lookup {}

    /** It was merged; {@code recordOrNull} is the survivor if it came along. */
    record MergedInto(RecordId survivor, NativeRecord recordOrNull) implements Lookup {}

    /** It was deleted, and the system says so. */
    record Gone(Instant atOrNull, boolean restorable) implements Lookup {}

    /** It never existed or is not visible: cannot tell. Never read this as a delete. */
    record Unknown() implements Lookup {}
}
