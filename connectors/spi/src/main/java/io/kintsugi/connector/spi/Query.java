package io.kintsugi.connector.spi;

import java.util.List;

/**
 * What to read.
 *
 * @param stream native object type
 * @param fields native fields to return; empty for all
 */
public record Query(String stream, List<String> fields) {
    public Query {
        if (stream == null || stream.isBlank()) throw new IllegalArgumentException("a query names no stream");
        fields = List.copyOf(fields);
    }
}
