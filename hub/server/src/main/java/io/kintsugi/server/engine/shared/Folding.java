package io.kintsugi.server.engine.shared;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.lifecycle.Duplicate;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Principal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which records of one system are to be merged there into others of the same golden. Which goes into which is worked out each time
 * from what is there (sync rule R11), and a merge holds the lanes of both records (R1).
 */
public final class Folding {
    /** How a system can be made to hold two records as one. */
    public enum Way {
        /** By a merge of its own. */
        NATIVE,
        /** By deleting, or marking as deleted, the other one. */
        DELETE
    }

    /** More than any system takes in one call. */
    private static final int ALONE = 1_000_000;

    private final HubTransaction tx;
    private final Duplicates policy;
    private final Map<String, List<Member>> members;
    private final Map<RecordKey, Set<RecordKey>> said = new HashMap<>();
    private final Set<RecordKey> open = new HashSet<>();
    private final Set<RecordKey> joining = new HashSet<>();
    /** How many records are to go into another one by this transaction. */
    private final Map<RecordKey, Integer> going = new HashMap<>();

    private Folding(HubTransaction tx, Duplicates policy, Map<String, List<Member>> members) {
        this.tx = tx;
        this.policy = policy;
        this.members = members;
    }

    /**
     * For one transaction.
     *
     * @param targets records that something is due for
     * @param members of the goldens they are part of
     */
    public static Folding read(
            HubTransaction tx, Duplicates policy, Collection<RecordKey> targets, Map<String, List<Member>> members) {
        var folding = new Folding(tx, policy, members);
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
    public static Duplicates policy(HubModel model, String system) {
        return model.system(system).map(SystemConfig::duplicates).orElse(Duplicates.KEEP);
    }

    /** How the policy and the system let two records become one; empty if they stay two. */
    public static Optional<Way> way(Duplicates policy, StreamDef description) {
        if (policy.when() == When.KEEP || description == null) return Optional.empty();
        var can = description.can().ops();
        if (can.contains(Op.MERGE)) return Optional.of(Way.NATIVE);
        boolean deletes = can.contains(Op.DELETE) || can.contains(Op.ARCHIVE);
        return policy.deletes() && deletes ? Optional.of(Way.DELETE) : Optional.empty();
    }

    /** Whether a record is being merged with another right now, so that nothing else may be done to it. */
    public boolean isBusy(RecordKey record) {
        return joining.contains(record);
    }

    /** Something is about to be sent. */
    public void sends(OutboundChange change) {
        if (change.target() != null) open.add(change.target());
        var into = change.intent().into();
        if (into == null) return;
        joining.add(into);
        going.merge(into, isAlone(change) ? ALONE : 1, Integer::sum);
    }

    /** What failed before goes by itself, so that it is no hindrance to others. */
    private static boolean isAlone(OutboundChange change) {
        return change.attempts() > 0;
    }

    /** Whether a merge may go with others of this transaction in one call. */
    private boolean fits(OutboundChange change, RecordKey into, Way way, StreamDef description) {
        int others = going.getOrDefault(into, 0);
        return way == Way.NATIVE
                && !isAlone(change)
                && others > 0
                && others < description.can().merge().maxLosersPerCall();
    }

    /** What becomes of a record that is in step. */
    public sealed interface Step {}

    /** Nothing. */
    public record Stays() implements Step {}

    /** It is to be merged into another one, now. */
    public record Goes(RecordKey into, Way way) implements Step {}

    /** @param forPeople whether it waits for more than the time: it is looked at again once its golden is resolved, or somebody retries */
    public record Waits(String why, boolean forPeople) implements Step {}

    /**
     * @param change due, for a record of the golden
     * @param inStep whether a record holds what its golden says: only then another one may go into it
     * @param questions open reviews of records
     * @param doomed records that are to be deleted
     */
    public Step next(
            OutboundChange change,
            String golden,
            StreamDef description,
            Predicate<SourceRecord> inStep,
            Map<RecordKey, String> questions,
            Set<RecordKey> doomed) {
        var record = change.target();
        var way = way(policy, description);
        var into = way.isEmpty() ? null : into(record, golden);
        if (into == null) return new Stays();
        var what = "to be merged into " + into.key().externalId();
        var hindrance = hindrance(record, into.key(), golden, questions);
        if (hindrance.isPresent()) return new Waits(what + ", " + hindrance.get(), true);
        if (!inStep.test(into)) return new Waits(what + ", once that one is in step", true);
        boolean joined = joining.contains(into.key()) && !fits(change, into.key(), way.get(), description);
        boolean busy = open.contains(into.key()) || joined || doomed.contains(into.key());
        return busy ? new Waits(what, false) : new Goes(into.key(), way.get());
    }

    /** Why people have to look before a record may go into another. */
    private Optional<String> hindrance(
            RecordKey record, RecordKey into, String golden, Map<RecordKey, String> questions) {
        long there = count(record, golden);
        if (there > Duplicates.MOST) {
            return Optional.of("but " + there
                    + " records of one golden in one system look like a mistake; unmerge what is "
                    + "not the same, or merge them there");
        }
        return List.of(record, into).stream()
                .filter(questions::containsKey)
                .map(key -> "but waits for review " + questions.get(key))
                .findFirst();
    }

    /**
     * The record that is to be referred to instead of one that the hub deletes to merge it, or has deleted so; empty if the one is right.
     *
     * @param descriptions by stream
     */
    public Optional<RecordKey> instead(
            RecordKey record, String golden, Map<String, StreamDef> descriptions, Map<RecordKey, String> questions) {
        var all = members.getOrDefault(golden, List.of());
        var found = all.stream()
                .map(Member::record)
                .filter(member -> member.key().equals(record))
                .findFirst();
        if (found.isEmpty()) return Optional.empty();
        var way = way(policy, descriptions.get(found.get().stream()));
        if (way.isEmpty() || way.get() != Way.DELETE) return Optional.empty();
        return switch (found.get().state()) {
            case LIVE ->
                Optional.ofNullable(into(record, golden)).map(SourceRecord::key).filter(into -> hindrance(
                                record, into, golden, questions)
                        .isEmpty());
            case FOLDED, RETURNING, MERGED -> {
                var live = new HashSet<RecordKey>();
                for (var member : all) {
                    if (member.record().state() == RecordState.LIVE)
                        live.add(member.record().key());
                }
                yield Principal.of(
                        record.system(), all.stream().map(Member::membership).toList(), live::contains);
            }
            case DELETED, UNKEYED, DISCONNECTED, SEVERED -> Optional.empty();
        };
    }

    /** The record that another of a golden is to go into; null if it stays. */
    private SourceRecord into(RecordKey record, String golden) {
        var all = members.getOrDefault(golden, List.of()).stream()
                .filter(member -> member.record().state() == RecordState.LIVE)
                .filter(member -> member.record().key().system().equals(record.system()))
                .map(member ->
                        new Duplicate(member.record(), member.membership().since()))
                .toList();
        var byKey = new HashMap<RecordKey, SourceRecord>();
        for (var duplicate : all) byKey.put(duplicate.record().key(), duplicate.record());
        if (!byKey.containsKey(record)) return null;
        var stream = byKey.get(record).stream();
        return Duplicate.into(
                        record,
                        all.stream()
                                .filter(duplicate -> duplicate.record().stream().equals(stream))
                                .toList(),
                        this::together)
                .map(byKey::get)
                .orElse(null);
    }

    /** How many records of a golden the system of a record has. */
    private long count(RecordKey record, String golden) {
        return members.getOrDefault(golden, List.of()).stream()
                .filter(member -> member.record().state() == RecordState.LIVE)
                .filter(member -> member.record().key().system().equals(record.system()))
                .count();
    }

    private boolean together(RecordKey one, RecordKey other) {
        return policy.when() == When.MERGE || said.getOrDefault(one, Set.of()).contains(other);
    }
}
