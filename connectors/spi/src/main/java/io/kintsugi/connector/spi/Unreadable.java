package io.kintsugi.connector.spi;

/**
 * A row that exists but could not be understood. Never dropped: the engine parks it where a person sees it.
 *
 * @param stream native object type
 * @param place where it stands, for example {@code customers.csv line 17}; the same place on every read
 * @param reason what is wrong and what would be right, without quoting customer data
 * @param raw the row as read, cut at a few kilobytes; shown only to those who may see the data
 */
public record Unreadable(String stream, String place, String reason, String raw) {}
