package io.kintsugi.server.engine.dryrun;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still unless it is put forward. For one thread. */
final class FrozenClock extends Clock {
    private Instant now;

    FrozenClock(Instant now) {
        this.now = now;
    }

    /** Never back. */
    void forward(Instant then) {
        if (then.isAfter(now)) now = then;
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
