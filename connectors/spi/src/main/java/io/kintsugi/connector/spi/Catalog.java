package io.kintsugi.connector.spi;

import java.util.List;

/**
 * The streams of a system as they are now.
 *
 * @param system id of the system
 * @param streams in a stable order
 * @param fingerprint changes exactly when a stream, field or option changes; equal fingerprints mean nothing to look at
 */
public record Catalog(String system, List<StreamDef> streams, String fingerprint) {
    public Catalog {
        streams = List.copyOf(streams);
    }
}
