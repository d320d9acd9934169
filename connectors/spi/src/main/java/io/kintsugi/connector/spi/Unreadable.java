package io.kintsugi.connector.spi;

/**
 * A row that exists but could not be understood. Never dropped: the engine parks it where a person sees it.
 *
 * @param stream native object type
 * @param place where it stands, for example {@code customers.csv line 17}; the same place on every read
 * @param reason what is wrong and what would be right, without quoting customer data
 * @param raw the row as read, cut at a few kilobytes; shown only to those who may see the data
 * @param idOrNull id of the record, if the row tells it and no other row has it; the hub then closes its question when that record
 *     comes in whole
 */
public record Unreadable(String stream, String place, String reason, String raw, String idOrNull) {
    /** A row of which it is not known which record it is. */
    public Unreadable(String stream, String place, String reason, String raw) {
        this(stream, place, reason, raw, null);
    }
}
