package io.kintsugi.connector.spi;

import java.util.List;

/**
 * Why a system refused one record.
 *
 * @param field native field at fault; null if the record as a whole
 * @param vendorCode the system's own code
 * @param message the system's own words, without customer data where that can be helped
 * @param existingIds records the system says are in the way, for {@code DUPLICATE}
 * @param retryable whether the same op may succeed later without anybody changing anything
 */
public record RecordError(
        Code code, String field, String vendorCode, String message, List<String> existingIds, boolean retryable) {
    public RecordError {
        if (code == null) throw new IllegalArgumentException("a refusal needs a code");
        existingIds = List.copyOf(existingIds);
    }

    /** What kind of refusal; the engine acts on it. */
    public enum Code {
        VALIDATION,
        REQUIRED_MISSING,
        BAD_OPTION,
        FIELD_NOT_WRITABLE,
        UNKNOWN_FIELD,
        DUPLICATE,
        AMBIGUOUS_KEY,
        NOT_FOUND,
        DELETED,
        MERGED_AWAY,
        BAD_REFERENCE,
        DEPENDENTS_EXIST,
        LOCKED,
        VERSION_CONFLICT,
        PERMISSION,
        UNSUPPORTED,
        OTHER
    }
}
