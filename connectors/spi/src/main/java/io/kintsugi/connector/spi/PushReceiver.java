package io.kintsugi.connector.spi;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Understands what a system pushes. Pure: no I/O; compares signatures in constant time. */
public interface PushReceiver {
    /** @return what to answer, and the changes the push told of; no events if the signature is wrong */
    PushOutcome receive(RawRequest request);

    /** A request as it came; {@code publicUri} is the address the sender used, as signatures cover it. */
    record RawRequest(
            String method, String publicUri, Map<String, List<String>> headers, byte[] body, Instant receivedAt) {}

    /** What to answer and what was learned. */
    record PushOutcome(int httpStatus, List<PushedEvent> events) {
        public PushOutcome {
            events = List.copyOf(events);
        }
    }

    /** One event; {@code dedupKey} is equal when the sender repeats it. */
    record PushedEvent(String dedupKey, Change change) {}
}
