package io.kintsugi.core.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * How much a value of a system is trusted, in whole points: most when it has just changed, and less the older it is. Points are whole so
 * that the instants at which they change can be told beforehand.
 *
 * @param max points of a new value
 * @param min points of an old one, and of one whose age is not known
 * @param decay time after which {@code min} is reached, in equal steps; null for none
 * @param halfLife time in which half of what is above {@code min} is lost; null for none. With neither, points stay at {@code max}
 * @param downgrades what takes points away
 */
public record Trust(int max, int min, Duration decay, Duration halfLife, List<Downgrade> downgrades) {
    private static final int MOST = 100;

    /** Takes points away where all of the conditions hold for the record of the value. */
    public record Downgrade(List<ValueTest> when, int by) {
        public Downgrade {
            when = List.copyOf(when);
            if (when.isEmpty()) throw new IllegalArgumentException("a downgrade needs a condition");
            if (by < 1 || by > MOST) throw new IllegalArgumentException("a downgrade takes from 1 to 100 points");
        }
    }

    public Trust {
        downgrades = List.copyOf(downgrades);
        if (max < 0 || max > MOST || min < 0 || min > max) {
            throw new IllegalArgumentException("trust needs max and min between 0 and 100, and min not above max");
        }
        if (decay != null && halfLife != null) {
            throw new IllegalArgumentException("trust decays by decay or by halfLife, not by both");
        }
        var period = decay != null ? decay : halfLife;
        if (period != null && (period.compareTo(Duration.ofSeconds(1)) < 0 || period.toDays() > 36_500)) {
            throw new IllegalArgumentException("trust decays in one second to a hundred years");
        }
    }

    /** Trusted alike whatever the age. */
    public static Trust always(int points) {
        return new Trust(points, points, null, null, List.of());
    }

    /**
     * @param changedAt null if it is not known
     * @param record value of the record's attributes, and of {@link ValueTest#SYSTEM}
     * @return never below 0
     */
    public int points(Instant changedAt, Instant now, UnaryOperator<String> record) {
        int points = changedAt == null && decays() ? min : max - lost(changedAt, now);
        for (var downgrade : downgrades) {
            if (ValueTest.all(downgrade.when(), record)) points -= downgrade.by();
        }
        return Math.max(0, points);
    }

    private boolean decays() {
        return decay != null || halfLife != null;
    }

    private int lost(Instant changedAt, Instant now) {
        if (!decays() || !now.isAfter(changedAt)) return 0;
        int lost = 0;
        while (lost < max - min && !now.isBefore(loses(changedAt, lost + 1))) lost++;
        return lost;
    }

    /** When the next point is lost; null if none will be. */
    public Instant nextLoss(Instant changedAt, Instant now) {
        if (changedAt == null || !decays()) return null;
        int lost = lost(changedAt, now);
        return lost == max - min ? null : loses(changedAt, lost + 1);
    }

    /** When {@code lost} points are lost. Half lives round to the nearest point, or the last one would never go. */
    private Instant loses(Instant changedAt, int lost) {
        int all = max - min;
        if (decay != null) {
            long millis = decay.toMillis();
            return changedAt.plusMillis((lost * millis + all - 1) / all);
        }
        double halves = StrictMath.log(all / (all - lost + 0.5)) / StrictMath.log(2);
        return changedAt.plusMillis((long) StrictMath.ceil(Math.max(0, halves) * halfLife.toMillis()));
    }
}
