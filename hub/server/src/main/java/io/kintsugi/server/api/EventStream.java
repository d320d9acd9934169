package io.kintsugi.server.api;

import io.javalin.http.sse.SseClient;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.HubEvents.HubEvent;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes what happens to browsers and programs. Changes of goldens come from the durable feed, read by one thread in feed order, so
 * that none is missing and a client resumes where it was, also on another hub; what else happens in this process is passed on as it
 * comes. Nothing here waits for a client: each has a queue and a thread of its own. Thread-safe.
 */
final class EventStream implements AutoCloseable {
    static final int MOST_CLIENTS = 100;
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final int BATCH = 500;

    private final HubStore store;
    private final HubEvents events;
    private final Json json;
    private final Clock clock;
    private final Set<EventClient> clients = ConcurrentHashMap.newKeySet();
    private final Semaphore news = new Semaphore(0);
    private final Deque<Seen> lately = new ArrayDeque<>();
    private volatile boolean closed;
    private AutoCloseable subscription = () -> {};
    private Thread follower;

    /** @param sequence place in the feed; 0 for what is not in it */
    record Event(String name, String data, long sequence) {}

    /** So many changes of goldens, seen at once. */
    private record Seen(long at, long changes) {}

    EventStream(HubStore store, HubEvents events, Json json, Clock clock) {
        this.store = store;
        this.events = events;
        this.json = json;
        this.clock = clock;
    }

    /** Begins with what happens from now on. Called once. */
    void start() {
        long end = store.read(tx -> tx.goldens().feedEnd());
        subscription = events.subscribe(this::heard);
        follower = new Thread(() -> follow(end), "events");
        follower.setDaemon(true);
        follower.start();
    }

    /** @throws Refused if as many clients are connected as the hub serves */
    void requireRoom() {
        if (clients.size() >= MOST_CLIENTS) {
            throw new Refused(
                    ProblemType.TOO_MANY_REQUESTS, MOST_CLIENTS + " clients are connected already; close some of them");
        }
    }

    /** Takes a client in and returns at once. */
    void join(SseClient client) {
        client.keepAlive();
        var joined = new EventClient(client, this);
        clients.add(joined);
        client.onClose(joined::drop);
        joined.start(client.ctx().header("Last-Event-ID"));
        if (closed) joined.drop();
    }

    int clients() {
        return clients.size();
    }

    void left(EventClient client) {
        clients.remove(client);
    }

    /** Changes after a place in the feed, as events; empty if there are none yet. */
    List<Event> feed(long after) {
        return store.read(tx -> {
            var changes = tx.goldens().feed(after, BATCH);
            var ids = new TreeSet<String>();
            for (var change : changes) ids.add(change.goldenId());
            var goldens = ids.isEmpty()
                    ? Map.<String, GoldenRecord>of()
                    : tx.goldens().find(ids);
            var feed = new ArrayList<Event>();
            for (GoldenRevision change : changes) {
                var golden = goldens.get(change.goldenId());
                var view = ChangeView.of(change, golden == null ? null : golden.label(), null);
                feed.add(new Event("golden.changed", json.write(view), change.sequence()));
            }
            return feed;
        });
    }

    long feedEnd() {
        return store.read(tx -> tx.goldens().feedEnd());
    }

    Event resync(long end) {
        return new Event("resync", json.write(Map.of("end", end)), end);
    }

    private void heard(HubEvent event) {
        if (event.name().equals("golden.changed")) {
            news.release(); // what changed is read from the feed
            return;
        }
        var data = event.data() instanceof Run run ? RunView.of(run) : event.data();
        publish(new Event(event.name(), json.write(data), 0));
    }

    private void publish(Event event) {
        for (var client : clients) client.offer(event);
    }

    private void follow(long start) {
        long position = start;
        boolean ill = false;
        while (!closed) {
            try {
                long before = position;
                position = passOn(before);
                ill = false;
                if (position - before < BATCH) rest();
            } catch (HubException e) {
                if (closed) return; // interrupted at its end
                if (!ill) LOG.warn("events wait for the store: {}", e.getMessage());
                ill = true;
                rest();
            } catch (RuntimeException e) { // the outermost loop of this thread
                if (closed) return;
                if (!ill) LOG.error("reading the feed for events failed; it is tried again", e);
                ill = true;
                rest();
            }
        }
    }

    /**
     * Passes on what is new, at most one batch of it. Changes that nobody hears are counted and not read; so many that reading all
     * of it anew is less work become one event.
     *
     * @return the place up to which everything is passed on
     */
    private long passOn(long position) {
        long end = feedEnd(); // before the look at the clients: who comes later has missed nothing up to here
        long behind = end - position;
        if (behind == 0) return position;
        if (clients.isEmpty() || behind > EventClient.MOST_REPLAYED) {
            publish(resync(end));
            count(behind);
            return end;
        }
        var feed = feed(position);
        for (var event : feed) publish(event);
        count(feed.size());
        return feed.isEmpty() ? position : feed.get(feed.size() - 1).sequence();
    }

    /** Until something happens; at most a second, because another hub may have changed something. */
    private void rest() {
        try {
            if (news.tryAcquire(1, TimeUnit.SECONDS)) news.drainPermits();
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private void count(long changes) {
        long now = clock.millis();
        synchronized (lately) {
            if (changes > 0) lately.addLast(new Seen(now, changes));
            while (!lately.isEmpty() && lately.peekFirst().at() < now - 60_000) lately.removeFirst();
        }
    }

    /** Changes of goldens seen in the last minute. */
    long lastMinute() {
        count(0);
        synchronized (lately) {
            return lately.stream().mapToLong(Seen::changes).sum();
        }
    }

    /** Lets every client go and waits for it. Second call does nothing. */
    @Override
    public void close() {
        closed = true;
        try {
            subscription.close();
        } catch (Exception e) {
            throw new IllegalStateException("unsubscribing from events failed", e);
        }
        if (follower != null) follower.interrupt();
        var connected = List.copyOf(clients);
        connected.forEach(EventClient::drop);
        try {
            for (var client : connected) client.awaitEnd();
            if (follower != null) follower.join(EventClient.MOST_PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
