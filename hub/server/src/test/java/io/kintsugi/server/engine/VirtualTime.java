package io.kintsugi.server.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.PriorityQueue;

/** A clock, and what happens when. Time passes only when somebody lets it; then everything that is due happens, in order. */
final class VirtualTime extends Clock {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private Instant now;
    private long number;

    VirtualTime(Instant now) {
        this.now = now;
    }

    private record Event(Instant at, long number, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int order = at.compareTo(other.at);
            return order == 0 ? Long.compare(number, other.number) : order;
        }
    }

    void after(Duration delay, Runnable what) {
        events.add(new Event(now.plus(delay), number++, what));
    }

    /** Lets time pass. What happens meanwhile may let time pass itself, as a call does that is made during another one. */
    void pass(Duration duration) {
        passTo(now.plus(duration));
    }

    void passTo(Instant until) {
        while (!events.isEmpty() && !events.peek().at().isAfter(until)) {
            var event = events.poll();
            if (event.at().isAfter(now)) now = event.at();
            event.what().run();
        }
        if (until.isAfter(now)) now = until;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
