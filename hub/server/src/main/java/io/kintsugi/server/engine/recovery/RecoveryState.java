package io.kintsugi.server.engine.recovery;

import io.kintsugi.server.engine.inbound.Intake;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a recovery is; durable, so that a hub that is killed goes on with it.
 *
 * @param begun also the barrier of systems that were not away
 * @param phaseAt when the phase began
 * @param deleted deleted records by system when it began
 */
public record RecoveryState(
        String run,
        Instant begun,
        String cause,
        Phase phase,
        Instant phaseAt,
        SortedMap<String, Member> members,
        Map<String, Long> deleted) {
    public RecoveryState {
        members = new TreeMap<>(members);
        deleted = Map.copyOf(deleted);
    }

    /** Nothing is written in the first two. */
    public enum Phase {
        /** Systems are read up to their barriers. */
        READING,
        /** What was read is resolved. */
        RESOLVING,
        /** What is out of step is written. */
        WRITING
    }

    /** Where a system stands. */
    public enum Standing {
        AWAITED,
        READ,
        /** It does not answer, is paused, or a part of it cannot be read: it is not waited for, and joins when it is back. */
        LEFT_OUT
    }

    /**
     * One system.
     *
     * @param silentSince when it was read last before; null if it was not away
     * @param barrier everything that happened there before is read first
     * @param problem why it is left out; null if it is not
     * @param streams how each stream is caught up with
     * @param read what was read since, by disposition
     * @param planned how many writes waited when writing began
     */
    public record Member(
            Instant silentSince,
            Standing standing,
            Instant barrier,
            String problem,
            SortedMap<String, CatchUp> streams,
            SortedMap<String, Long> read,
            long planned) {
        public Member {
            streams = new TreeMap<>(streams);
            read = new TreeMap<>(read);
        }

        /** The same system, elsewhere on its way back. */
        public Member standing(Standing other, String why) {
            return new Member(silentSince, other, barrier, why, streams, read, planned);
        }

        /** The same system, with what was read of it since. */
        public Member plus(Intake.Counts counts) {
            var sum = new TreeMap<>(read);
            counts.asMap().forEach((name, count) -> sum.merge(name, count, Long::sum));
            return new Member(silentSince, standing, barrier, problem, streams, sum, planned);
        }

        Member planned(long writes) {
            return new Member(silentSince, standing, barrier, problem, streams, read, writes);
        }
    }

    /** The same recovery in another phase. */
    public RecoveryState with(Phase other, Instant now) {
        return new RecoveryState(run, begun, cause, other, now, members, deleted);
    }

    /** The same recovery with what is known of one system. */
    public RecoveryState with(String system, Member member) {
        var more = new TreeMap<>(members);
        more.put(system, member);
        return new RecoveryState(run, begun, cause, phase, phaseAt, more, deleted);
    }

    /** Whether nothing may be written to a system now. */
    public boolean frozen(String system) {
        return phase != Phase.WRITING && members.containsKey(system);
    }

    /** Whether nobody is waited for any more. */
    public boolean complete() {
        return members.values().stream().noneMatch(member -> member.standing() == Standing.AWAITED);
    }

    /** What was read of all systems, by disposition. */
    public Map<String, Long> counts() {
        var counts = new TreeMap<String, Long>();
        for (var member : members.values()) member.read().forEach((name, n) -> counts.merge(name, n, Long::sum));
        return counts;
    }

    /** The earliest silence that is caught up with; {@code begun} if there was none. */
    Instant since() {
        return members.values().stream()
                .map(Member::silentSince)
                .filter(at -> at != null && at.isBefore(begun))
                .min(Instant::compareTo)
                .orElse(begun);
    }
}
