package io.kintsugi.core.model;

import java.time.Instant;

/**
 * One value of a golden record and where it comes from.
 *
 * @param version from one hub-wide sequence; changes exactly when {@code value} changes
 * @param from record it came from
 * @param sourceAt when that system says it changed; null if it does not say
 * @param rule strategy that chose it, for example {@code SYSTEM_RANK}
 * @param policyVersion version of the authority policy that held the rule
 */
public record GoldenValue(
        String value, long version, RecordKey from, Instant sourceAt, String rule, long policyVersion) {}
