package io.kintsugi.server.engine;

import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * People who merge the records that the hub is just merging in their system, into a third one or the other way round: the hub has looked
 * by then, and learns of it from the refusal. In histories about merges only.
 */
final class Rivals {
    /** How soon they are done at the latest: the call of the hub takes as long at most, and they come before it or after. */
    private static final int SOON = 500;

    private final History history;
    private final SplittableRandom random;
    private int left;
    private Instant last = Instant.MIN;

    /** @param at whether there are any */
    Rivals(History history, long seed, boolean at) {
        this.history = history;
        this.random = random(seed).split();
        this.left = at ? 1 + random.nextInt(4) : 0;
    }

    /** Drawn apart, so that the seeds of before are the histories they were. */
    static boolean drawn(long seed) {
        return seed >= Scenario.WIDEST && MergeLife.drawn(seed);
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0x12835B0145706FBEL);
    }

    /** Whether they have left the hub alone for a while, so that it has read what they did. */
    boolean atRest() {
        var read = Duration.ofMinutes(3).plus(history.longestIndex());
        return last.isBefore(history.time.instant().minus(read));
    }

    /** The hub is about to write to a system. */
    void ofSending(String system) {
        if (left == 0) return;
        var sent = history.store.read(
                tx -> tx.outbox().list(system, OutboundState.SENDING, null, 500).items());
        for (var change : sent) {
            if (change.intent().kind() != Intent.Kind.MERGE) continue;
            var dice = random.split();
            history.time.after(Duration.ofMillis(random.nextInt(SOON)), () -> merge(change, dice));
        }
    }

    private void merge(OutboundChange change, SplittableRandom dice) {
        if (left == 0) return;
        var system = history.systems.get(change.system());
        var loser = change.target().externalId();
        var winner = change.intent().into().externalId();
        var third = History.any(system, dice);
        boolean done =
                switch (dice.nextInt(4)) {
                    case 0 -> history.mergers.mergeInside(system, loser, winner);
                    case 1 -> history.mergers.mergeInside(system, third, loser);
                    default -> history.mergers.mergeInside(system, third, winner);
                };
        if (!done) return;
        left--;
        last = history.time.instant();
    }
}
