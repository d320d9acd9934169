package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.lifecycle.Duplicate;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which records of one system are to be merged there into others of the same golden. Which goes into which is worked out each time
 * from what is there (sync rule R11), and a merge holds the lanes of both records (R1).
 */
final class Folding {
    /** How a system can be made to hold two records as one. */
    enum Way {
        /** By a merge of its own. */
        NATIVE,
        /** By deleting, or marking as deleted, the other one. */
        DELETE
    }

    private final Duplicates policy;
    private final Map<String, List<Member>> members;
    private final Map<RecordKey, Set<RecordKey>> said = new HashMap<>();
    private final Set<RecordKey> open = new HashSet<>();
    private final Set<RecordKey> joining = new HashSet<>();

    private Folding(Duplicates policy, Map<String, List<Member>> members) {
        this.policy = policy;
        this.members = members;
    }

    /**
     * @param targets records that something is due for
     * @param members of the goldens they are part of
     */
    static Folding read(
            HubTransaction tx, Duplicates policy, Collection<RecordKey> targets, Map<String, List<Member>> members) {
        var folding = new Folding(policy, members);
        var keys = new TreeSet<>(targets);
        if (policy.when() != When.KEEP) {
            members.values()
                    .forEach(list ->
                            list.forEach(member -> keys.add(member.record().key())));
        }
        for (var change : tx.outbox().openFor(keys)) {
            if (change.target() != null) folding.open.add(change.target());
            if (change.intent().into() != null)
                folding.joining.add(change.intent().into());
        }
        if (policy.when() == When.MERGE_DECIDED) {
            folding.said.putAll(Duplicate.said(keys, tx.links().of(keys)));
        }
        return folding;
    }

    /** The settings of a system; none of an unknown one are merged. */
    static Duplicates policy(HubModel model, String system) {
        return model.system(system).map(SystemConfig::duplicates).orElse(Duplicates.KEEP);
    }

    /** How the policy and the system let two records become one; empty if they stay two. */
    static Optional<Way> way(Duplicates policy, StreamDef description) {
        if (policy.when() == When.KEEP || description == null) return Optional.empty();
        var can = description.can().ops();
        if (can.contains(Op.MERGE)) return Optional.of(Way.NATIVE);
        boolean deletes = can.contains(Op.DELETE) || can.contains(Op.ARCHIVE);
        return policy.deletes() && deletes ? Optional.of(Way.DELETE) : Optional.empty();
    }

    /** Whether a record is being merged with another right now, so that nothing else may be done to it. */
    boolean isBusy(RecordKey record) {
        return joining.contains(record);
    }

    /** Whether something is on its way to a record. */
    boolean isOpen(RecordKey record) {
        return open.contains(record) || joining.contains(record);
    }

    /** Something is about to be sent. */
    void sends(RecordKey target, Intent intent) {
        if (target != null) open.add(target);
        if (intent.into() != null) joining.add(intent.into());
    }

    /** The record that another of a golden is to go into; empty if it stays. */
    Optional<Member> into(RecordKey record, String golden) {
        if (policy.when() == When.KEEP) return Optional.empty();
        var all = members.getOrDefault(golden, List.of());
        var stream = all.stream()
                .map(Member::record)
                .filter(member -> member.key().equals(record))
                .findFirst()
                .orElseThrow()
                .stream();
        var there = all.stream()
                .filter(member -> member.record().state() == RecordState.LIVE)
                .filter(member -> member.record().key().system().equals(record.system()))
                .filter(member -> member.record().stream().equals(stream))
                .map(member ->
                        new Duplicate(member.record(), member.membership().since()))
                .toList();
        return Duplicate.into(record, there, this::together).flatMap(key -> all.stream()
                .filter(member -> member.record().key().equals(key))
                .findFirst());
    }

    /** How many records of a golden the system of a record has. */
    long count(RecordKey record, String golden) {
        return members.getOrDefault(golden, List.of()).stream()
                .filter(member -> member.record().state() == RecordState.LIVE)
                .filter(member -> member.record().key().system().equals(record.system()))
                .count();
    }

    private boolean together(RecordKey one, RecordKey other) {
        return policy.when() == When.MERGE || said.getOrDefault(one, Set.of()).contains(other);
    }
}
