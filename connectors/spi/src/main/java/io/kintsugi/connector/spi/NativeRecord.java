package io.kintsugi.connector.spi;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One record as a system holds it.
 *
 * @param fields what was asked for and returned. A key with a null value means <em>known to be empty</em>; an absent key means
 *     <em>unknown</em> and never clears anything. Values are {@code String, Boolean, Long, BigDecimal, LocalDate, Instant} or a
 *     {@code List<String>}
 * @param modifiedAt when the system says it last changed; null if it does not say
 * @param version what a conditional update compares; null if the system has none
 * @param modifiedBy who changed it last; null if unknown
 */
public record NativeRecord(
        RecordId id, Map<String, Object> fields, Instant modifiedAt, String version, String modifiedBy) {
    public NativeRecord {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields)); // keeps nulls, which Map.copyOf refuses
    }
}
