package io.kintsugi.server.connector;

import io.kintsugi.connector.spi.Capabilities.Quota;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The gate of a system for those who let time pass themselves instead of sleeping. */
public final class GateInTime {
    private final Gate gate;

    public GateInTime(Clock clock, List<Quota> quotas) {
        gate = new Gate(clock);
        quotas.forEach(gate::limit);
    }

    /** A call wants to leave. Returns zero if it may, otherwise how long to wait before it asks again. */
    public Duration take() {
        return gate.take(1);
    }

    /** The system asked for a pause. */
    public void penalise(Duration pause) {
        gate.penalise(pause);
    }
}
