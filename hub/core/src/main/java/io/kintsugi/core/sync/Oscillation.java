package io.kintsugi.core.sync;

import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenRevision.ValueChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds values that systems change back and forth, as automations do that each insist on their own. A value that one system alone keeps
 * changing is no loop, however often, nor is what changes because records are merged and taken apart again. Pure.
 */
public final class Oscillation {
    /** Within this time the same system has set the same value so often. */
    public static final Duration WINDOW = Duration.ofHours(6);

    static final int SAME = 4;

    /** Within this time systems have taken turns more often, whatever the values. */
    static final Duration RUSH = Duration.ofHours(1);

    static final int TURNS = 12;

    /** Most revisions that have to be looked at to find one. */
    public static final int REVISIONS = 60;

    private Oscillation() {}

    /**
     * A value that goes back and forth.
     *
     * @param systems those that set it
     * @param changes how often it changed
     * @param since when that began
     */
    public record Loop(String attribute, SortedSet<String> systems, int changes, Instant since) {}

    /** What a record held until an instant; null for nothing. */
    public record Held(String value, Instant until) {}

    /**
     * Finds what a system sets again however often it is written over: nothing of that shows in the golden record.
     *
     * @param value what its record holds now, and what does not survive
     * @param former what it held before, newest first
     * @param systems it, and the one whose value survives
     */
    public static Optional<Loop> pushedBack(
            String attribute, String value, List<Held> former, SortedSet<String> systems, Instant now) {
        int same = 0;
        int turns = 0;
        int changes = 0;
        var since = now;
        var newer = value;
        for (var held : former) {
            if (held.until().isBefore(now.minus(WINDOW))) break;
            if (!Objects.equals(held.value(), newer)) {
                changes++;
                since = held.until();
                if (Objects.equals(newer, value)) same++;
                if (!since.isBefore(now.minus(RUSH))) turns++;
            }
            newer = held.value();
        }
        return same >= SAME || turns >= 2 * TURNS // each is one of the system and one of the hub
                ? Optional.of(new Loop(attribute, systems, changes, since))
                : Optional.empty();
    }

    /** @param history changes of one golden, newest first */
    public static Optional<Loop> find(String attribute, List<GoldenRevision> history, Instant now) {
        var recent = new ArrayList<ValueChange>();
        var systems = new TreeSet<String>();
        int turns = 0;
        var since = now;
        for (var revision : history) {
            if (revision.at().isBefore(now.minus(WINDOW))) break;
            if (revision.cause() != Cause.UPDATED) continue;
            for (var change : revision.changed()) {
                if (!change.attribute().equals(attribute) || change.from() == null) continue;
                boolean turn = !recent.isEmpty()
                        && !recent.get(recent.size() - 1)
                                .from()
                                .system()
                                .equals(change.from().system());
                if (turn && !revision.at().isBefore(now.minus(RUSH))) turns++;
                recent.add(change);
                systems.add(change.from().system());
                since = revision.at();
            }
        }
        if (systems.size() < 2) return Optional.empty(); // one that changes its own mind is followed
        var last = recent.get(0);
        long same = recent.stream()
                .filter(change -> Objects.equals(change.after(), last.after())
                        && change.from().system().equals(last.from().system()))
                .count();
        return same >= SAME || turns >= TURNS
                ? Optional.of(new Loop(attribute, systems, recent.size(), since))
                : Optional.empty();
    }
}
