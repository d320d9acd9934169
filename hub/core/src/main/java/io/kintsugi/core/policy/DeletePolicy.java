package io.kintsugi.core.policy;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What becomes of the records that other systems hold of a thing when one system deletes its own: a matrix of origin and target. What
 * no cell names follows the default, which by itself leaves everything as it is.
 *
 * @param version of the document it was published with
 * @param cells the first that names both systems counts
 * @param brake how many deletes may go to one system before a person is asked
 */
public record DeletePolicy(String entityType, long version, Rule defaultRule, List<Cell> cells, Brake brake) {
    /** Nothing spreads by itself. */
    public static final Rule FLAG_ONLY = new Rule(Action.FLAG, Action.FLAG, Duration.ZERO, Conflict.EDIT_WINS);

    public DeletePolicy {
        Objects.requireNonNull(defaultRule, "defaultRule");
        Objects.requireNonNull(brake, "brake");
        cells = List.copyOf(cells);
    }

    /** The policy of a type for which nobody has published one. */
    public static DeletePolicy none(String entityType) {
        return new DeletePolicy(entityType, 0, FLAG_ONLY, List.of(), Brake.USUAL);
    }

    /** What wins if somebody edited the thing elsewhere after the origin had last agreed. */
    public enum Conflict {
        /** Nothing is deleted; a steward is asked. */
        EDIT_WINS,
        DELETE_WINS
    }

    /**
     * @param joined what happens instead to a record that the hub did not create
     * @param grace how long the delete waits: a record that comes back meanwhile was never gone
     */
    public record Rule(Action action, Action joined, Duration grace, Conflict conflict) {
        public Rule {
            Objects.requireNonNull(action, "action");
            Objects.requireNonNull(joined, "joined");
            Objects.requireNonNull(conflict, "conflict");
            if (grace.isNegative()) throw new IllegalArgumentException("a grace is not negative: " + grace);
        }
    }

    /**
     * @param from system that deleted, {@link Deletion#HUB}, or null for any
     * @param to system whose record it is about; null for any
     */
    public record Cell(String from, String to, Rule rule) {
        public Cell {
            if (from != null && from.equals(to)) throw new IllegalArgumentException("from and to are both " + from);
        }

        boolean names(String origin, String target) {
            return (from == null || from.equals(origin)) && (to == null || to.equals(target));
        }
    }

    /**
     * Trips when the deletes to one system within a window are more than {@code count} and more than {@code percent} of its live
     * records; then none is sent until a person has seen the list.
     */
    public record Brake(int count, double percent, Duration window) {
        public static final Brake USUAL = new Brake(25, 2, Duration.ofHours(24));

        public Brake {
            if (count < 0 || percent < 0 || percent > 100) {
                throw new IllegalArgumentException("a brake counts from 0, and its percent is from 0 to 100");
            }
            if (window.isNegative() || window.isZero()) throw new IllegalArgumentException("a window is longer than 0");
        }

        /** Most deletes that may go to a system with so many live records. */
        public long limit(long live) {
            return Math.max(count, (long) Math.floor(live * percent / 100));
        }
    }

    public Rule rule(String origin, String target) {
        return cells.stream()
                .filter(cell -> cell.names(origin, target))
                .map(Cell::rule)
                .findFirst()
                .orElse(defaultRule);
    }
}
