package io.kintsugi.server.engine.dryrun;

import io.kintsugi.server.engine.dryrun.DryChange.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a dry run found.
 *
 * @param asOf when the hub was copied
 * @param changes everything that would happen, writes first; never more than {@code DryRun.MOST}
 * @param more how many changes were counted and are not listed
 * @param systems how much would happen in each system, by kind; systems without anything have no entry
 * @param hub how much would happen in the hub itself, by kind
 * @param goldens goldens that would be new, have other values, or retire
 * @param underWay writes that are to go out anyway, whatever is changed; they are not among the changes
 * @param streams what was read
 * @param warnings what a person should look at before it is done
 */
public record DryReport(
        Instant asOf,
        List<DryChange> changes,
        long more,
        Map<String, Map<Kind, Long>> systems,
        Map<Kind, Long> hub,
        Goldens goldens,
        long underWay,
        List<Stream> streams,
        List<Warning> warnings) {
    public DryReport {
        changes = List.copyOf(changes);
        systems = Map.copyOf(systems);
        hub = Map.copyOf(hub);
        streams = List.copyOf(streams);
        warnings = List.copyOf(warnings);
    }

    /** How many goldens. */
    public record Goldens(long added, long changed, long retired) {}

    /**
     * What a stream that was read whole holds.
     *
     * @param rows rows that were read
     * @param unreadable rows of them that could not be read or mapped
     * @param blank records in which nothing can identify anything: they get no golden
     * @param twins records that are the same as another one of the stream
     * @param linked records that would join what other systems hold already
     * @param alone records that nobody else holds
     */
    public record Stream(
            String system,
            String stream,
            String entityType,
            long rows,
            long unreadable,
            long blank,
            long twins,
            long linked,
            long alone) {}

    /** Why to look twice. */
    public enum Guard {
        MANY_CREATES,
        MANY_OVERWRITES,
        MANY_BLANKED,
        MANY_DELETES,
        MANY_MERGES,
        MERGE_BRAKE,
        BLANK_KEYS,
        TWINS,
        UNREADABLE,
        NOT_READ,
        NOT_DESCRIBED,
        HUB_WENT_ON,
        NO_REST
    }

    /**
     * Something to look at.
     *
     * @param system null for the hub itself
     * @param text one sentence for people
     */
    public record Warning(Guard guard, String system, String text) {}
}
