package io.kintsugi.core.sync;

import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.RecordKey;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The record of a golden that others should point to in one of its systems. A function of the present memberships, never stored: what
 * was stored could form a circle when goldens merge (sync rules, R11). Pure.
 */
public final class Principal {
    private static final Comparator<Membership> OLDEST =
            Comparator.comparing(Membership::since).thenComparing(Membership::record);

    private Principal() {}

    /**
     * @param members of one golden, in whatever state
     * @param live whether a record is there in its system
     * @return the live record of the system that has been part of the golden for longest, of equals the smallest key; empty if the
     *     system has none
     */
    public static Optional<RecordKey> of(String system, Collection<Membership> members, Predicate<RecordKey> live) {
        return members.stream()
                .filter(member -> member.record().system().equals(system) && live.test(member.record()))
                .min(OLDEST)
                .map(Membership::record);
    }
}
