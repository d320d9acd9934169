package io.kintsugi.connector.spi;

/**
 * A record in its system.
 *
 * @param stream native object type
 * @param id never blank
 */
public record RecordId(String stream, String id) {
    public RecordId {
        if (stream == null || stream.isBlank()) throw new IllegalArgumentException("stream is blank");
        if (id == null || id.isBlank()) throw new IllegalArgumentException("id of a " + stream + " record is blank");
    }
}
