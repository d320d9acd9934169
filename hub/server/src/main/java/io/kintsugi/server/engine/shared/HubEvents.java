package io.kintsugi.server.engine.shared;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Tells listeners in this process that something happened. Lossy by design: who must not miss a change reads the durable feed
 * ({@link io.kintsugi.core.store.Goldens#feed}). Thread-safe; listeners are called on the publisher's thread and must not block.
 */
public final class HubEvents {
    private final CopyOnWriteArrayList<Consumer<HubEvent>> listeners = new CopyOnWriteArrayList<>();

    /**
     * @param name {@code golden.changed}, {@code review.changed}, {@code run.progress}, {@code outbound.changed}, {@code schema.changed}, {@code erasure.changed} or {@code
     *     system.state}
     * @param data a value that can be written as JSON
     */
    public record HubEvent(String name, Object data) {}

    /** @return closes the subscription; closing twice does nothing */
    public AutoCloseable subscribe(Consumer<HubEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Tells every listener of this process, in the thread of the caller. */
    public void publish(String name, Object data) {
        if (listeners.isEmpty()) return;
        var event = new HubEvent(name, data);
        for (var listener : listeners) listener.accept(event);
    }
}
