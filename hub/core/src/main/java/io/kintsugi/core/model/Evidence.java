package io.kintsugi.core.model;

/**
 * One comparison that spoke for or against a match.
 *
 * @param name what was compared, for example {@code familyName} or {@code household}
 * @param left standardised value of the smaller record key; null if it has none
 * @param right the other one
 * @param level what the comparison found, for example {@code exact} or {@code similar 0.93}
 * @param bits weight in bits, log2 of how much likelier this is for the same thing than for two
 */
public record Evidence(String name, String left, String right, String level, double bits) {}
