package io.kintsugi.server.api;

import io.javalin.http.sse.SseClient;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.api.EventStream.Event;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connected client: first what it missed, from the feed, then what happens, from its queue. Only its own thread writes to its
 * socket, so a client that does not read stops nobody; when its queue is full it is dropped, and resumes from the feed.
 */
final class EventClient {
    static final int QUEUE = 1000;
    static final int MOST_REPLAYED = 5000;
    private static final Logger LOG = LoggerFactory.getLogger(EventClient.class);
    private static final long HEARTBEAT_SECONDS = 15;
    static final long MOST_PATIENCE_MILLIS = 5000;

    private final SseClient client;
    private final EventStream stream;
    private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicBoolean dropped = new AtomicBoolean();
    private Thread thread;
    private long sent;

    EventClient(SseClient client, EventStream stream) {
        this.client = client;
        this.stream = stream;
    }

    /** @param lastEventId what the client saw last; null if it begins now */
    synchronized void start(String lastEventId) {
        thread = new Thread(() -> run(lastEventId), "events-client");
        thread.setDaemon(true);
        thread.start();
    }

    /** Never waits. */
    void offer(Event event) {
        if (!queue.offer(event)) {
            LOG.info("a client of /api/v1/events does not keep up and is dropped; it can resume");
            drop();
        }
    }

    /** Ends the connection. Second call does nothing. */
    void drop() {
        if (!dropped.compareAndSet(false, true)) return;
        stream.left(this);
        synchronized (this) {
            if (thread != null) thread.interrupt();
        }
    }

    /** Waits until its thread has let go of the connection: a server that stops under it leaves Javalin working on a dead request. */
    void awaitEnd() throws InterruptedException {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) running.join(MOST_PATIENCE_MILLIS);
    }

    private void run(String lastEventId) {
        try {
            client.sendComment("open");
            if (lastEventId != null) replay(lastEventId);
            while (!over()) {
                var event = queue.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
                if (event == null) client.sendComment("heartbeat");
                else send(event);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (HubException e) {
            LOG.info("a client of /api/v1/events could not be served and is dropped: {}", e.getMessage());
        } catch (RuntimeException e) { // the outermost loop of this thread
            LOG.warn("a client of /api/v1/events is dropped", e);
        } finally {
            drop();
            client.close();
        }
    }

    private boolean over() {
        return dropped.get() || client.terminated();
    }

    private void replay(String lastEventId) {
        long end = stream.feedEnd();
        long seen = lastEventId.matches("\\d{1,18}") ? Long.parseLong(lastEventId) : -1;
        if (seen < 0 || seen > end || end - seen > MOST_REPLAYED) {
            send(stream.resync(end));
            return;
        }
        sent = seen;
        while (!over()) {
            var missed = stream.feed(sent);
            if (missed.isEmpty()) return;
            missed.forEach(this::send);
        }
    }

    private void send(Event event) {
        if (event.sequence() == 0) {
            client.sendEvent(event.name(), event.data(), null);
        } else if (event.sequence() > sent) { // else it was replayed
            client.sendEvent(event.name(), event.data(), String.valueOf(event.sequence()));
            sent = event.sequence();
        }
    }
}
