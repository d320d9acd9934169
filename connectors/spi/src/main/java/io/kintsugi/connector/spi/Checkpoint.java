package io.kintsugi.connector.spi;

/**
 * A position in a stream, made by a connector and opaque to the engine, which stores it in the same transaction as the records
 * read up to it.
 *
 * @param connectorType who can read it
 * @param formatVersion lets a later connector migrate or refuse it
 * @param json the position itself
 */
public record Checkpoint(String connectorType, int formatVersion, String stream, String json) {
    public Checkpoint {
        if (connectorType == null || stream == null || json == null)
            throw new IllegalArgumentException("a checkpoint needs a connector type, a stream and a position");
    }
}
