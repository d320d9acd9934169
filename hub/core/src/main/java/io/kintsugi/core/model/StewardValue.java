package io.kintsugi.core.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A value that a steward gave a golden record. It survives whatever systems hold, for as long as its life-cycle says.
 *
 * @param value empty text: the thing has no such value
 * @param until when it ends; null unless {@link LifeCycle#UNTIL_DATE}
 * @param golden golden it was given to. A golden that absorbs that one takes it over, and gives it back with it
 * @param at when it was given
 * @param winner what would have survived when it was given; null if nothing would
 * @param versions golden versions that stood for it. Copies of them in systems are no evidence once it has ended
 * @param endedAt null while it holds; an ended one is kept as long as a system may hold a copy of it
 */
public record StewardValue(
        String attribute,
        String value,
        LifeCycle lifeCycle,
        Instant until,
        String golden,
        String by,
        String note,
        Instant at,
        Winner winner,
        Set<Long> versions,
        Instant endedAt) {
    /** How long it holds. */
    public enum LifeCycle {
        /** Until a steward takes it back. */
        FOREVER,
        /** Until something else would survive without it. */
        UNTIL_WINNER_CHANGES,
        /** Until any record of the golden changes in its system, or another comes. */
        UNTIL_ANY_RELOAD,
        UNTIL_DATE,
        /** Until a system says anything. */
        WHILE_SOURCE_BLANK
    }

    /** @param at when its system changed it; null if that is not known */
    public record Winner(RecordKey record, String value, Instant at) {}

    public StewardValue {
        Objects.requireNonNull(attribute, "attribute");
        Objects.requireNonNull(value, attribute);
        Objects.requireNonNull(lifeCycle, attribute);
        Objects.requireNonNull(golden, attribute);
        Objects.requireNonNull(at, attribute);
        versions = Set.copyOf(versions);
        if ((lifeCycle == LifeCycle.UNTIL_DATE) != (until != null)) {
            throw new IllegalArgumentException("a value for " + attribute + " ends at a date exactly if UNTIL_DATE");
        }
    }

    /** Whether it has not ended. */
    public boolean holds() {
        return endedAt == null;
    }

    public StewardValue ended(Instant now) {
        return new StewardValue(attribute, value, lifeCycle, until, golden, by, note, at, winner, versions, now);
    }

    /** The same, of a reference that leads elsewhere now, because goldens were merged. */
    StewardValue leadingTo(String value, Winner winner) {
        return new StewardValue(attribute, value, lifeCycle, until, golden, by, note, at, winner, versions, endedAt);
    }

    /** The same, known under one more version of its golden. */
    public StewardValue known(long version) {
        if (versions.contains(version)) return this;
        var more = new TreeSet<>(versions);
        more.add(version);
        return new StewardValue(attribute, value, lifeCycle, until, golden, by, note, at, winner, more, endedAt);
    }
}
