package io.kintsugi.server.demo;

import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.server.engine.Hub;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets time pass between a hub and the systems of a story. The clock is put forward in steps that are shorter than what the hub takes for
 * an outage, and in each step every system that is plugged in is read: so the hub sees the hours pass as it would have lived through them.
 */
final class StoryTime {
    private static final Duration STEP = Duration.ofMinutes(20);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Set<OutboundState> MOVING =
            Set.of(OutboundState.DUE, OutboundState.SENDING, OutboundState.VERIFYING);

    private final Hub hub;
    private final StoryWorld world;

    StoryTime(Hub hub, StoryWorld world) {
        this.hub = hub;
        this.world = world;
    }

    /** Hours in which nobody does anything but the hub. */
    void pass(Duration time) {
        for (var left = time; left.compareTo(Duration.ZERO) > 0; left = left.minus(STEP)) {
            world.clock().forward(left.compareTo(STEP) < 0 ? left : STEP);
            readAll();
        }
        settle();
    }

    /** Waits until the systems that are plugged in were read, and what follows from it was written. */
    void settle() {
        for (int round = 0; round < 3; round++) { // what is written is read back, and may lead to more
            readAll();
            await("the hub to come to rest", this::atRest);
        }
    }

    private void readAll() {
        var asked = world.clock().instant();
        for (var system : world.systems()) {
            if (world.reachable(system)) hub.systems().poll(system);
        }
        for (var system : world.systems()) {
            await(system + " to be read", () -> {
                var last = hub.systems().find(system).orElseThrow().lastPoll();
                return !world.reachable(system) || last != null && !last.isBefore(asked);
            });
        }
    }

    private boolean atRest() {
        return hub.store()
                .read(tx -> tx.records().pending(1).isEmpty()
                        && tx.outbox().counts().stream()
                                .noneMatch(count -> world.reachable(count.system()) && MOVING.contains(count.state())));
    }

    /** @throws IllegalStateException if it does not come true for a long time */
    void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("waited " + PATIENCE.toSeconds() + " s for " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
