package io.kintsugi.connector.spi;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Understands what a system pushes. Pure: no I/O; compares signatures in constant time. */
public interface PushReceiver {
    PushOutcome receive(RawRequest request);

    record RawRequest(
            String method, String publicUri, Map<String, List<String>> headers, byte[] body, Instant receivedAt) {}

    record PushOutcome(int httpStatus, List<PushedEvent> events) {}

    record PushedEvent(String dedupKey, Change change) {}
}
