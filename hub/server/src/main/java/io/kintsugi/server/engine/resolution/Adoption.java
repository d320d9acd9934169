package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.core.sync.Reborn;
import io.kintsugi.server.engine.resolution.Resolver.Occasion.PairKey;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The goldens that changes were made for, read in one go. A record that the hub created becomes a member of its golden by a link,
 * whatever the match rules think of it.
 */
public final class Adoption {
    private static final String BY = "created by the hub";

    private final Map<String, String> current;
    private final Map<String, GoldenRecord> goldens;
    private final Map<String, List<Member>> members;
    /** What stewards said of records that are to be created anew. */
    private final Map<RecordKey, List<Link>> verdicts = new HashMap<>();
    /** Merges of the goldens of creates since these were sent, by the key of the create. */
    private final Map<String, List<MergeEvent>> since = new HashMap<>();
    /** Where the references of creates lead, and of the records in whose place they are, by entity type. */
    private final Map<String, Referents> references = new HashMap<>();
    /** Standing merges that made goldens what they are, of those with records that are to be created anew. */
    private final Map<String, List<MergeEvent>> lineage = new HashMap<>();

    private Adoption(
            Map<String, String> current, Map<String, GoldenRecord> goldens, Map<String, List<Member>> members) {
        this.current = current;
        this.goldens = goldens;
        this.members = members;
    }

    /** @param changes with their intents */
    public static Adoption read(HubTransaction tx, HubModel model, Collection<OutboundChange> changes) {
        var ids = new TreeSet<String>();
        var creates = new TreeSet<String>();
        for (var change : changes) {
            ids.add(change.goldenId());
            if (change.intent().kind() == Intent.Kind.CREATE) creates.add(change.goldenId());
        }
        var current = tx.goldens().currentIds(ids);
        var created = new HashSet<String>();
        for (var id : creates) created.add(current.get(id));
        var adoption = new Adoption(
                current,
                tx.goldens().find(new TreeSet<>(current.values())),
                created.isEmpty() ? Map.of() : tx.goldens().members(created));
        adoption.readVerdicts(tx);
        adoption.readMerges(tx, changes);
        adoption.readReferences(tx, model, changes);
        return adoption;
    }

    private void readMerges(HubTransaction tx, Collection<OutboundChange> changes) {
        for (var change : changes) {
            var intent = change.intent();
            if (intent.kind() != Intent.Kind.CREATE) continue;
            boolean moved = members.getOrDefault(current.get(change.goldenId()), List.of()).stream()
                    .anyMatch(member -> !member.membership().since().isBefore(intent.sentAt()));
            if (!moved) continue;
            since.put(
                    change.key(),
                    tx.merges().ofGolden(change.goldenId()).stream()
                            .filter(merge ->
                                    merge.undoneAt() == null && !merge.at().isBefore(intent.sentAt()))
                            .toList());
        }
    }

    private void readReferences(HubTransaction tx, HubModel model, Collection<OutboundChange> changes) {
        for (var type : model.entityTypes()) {
            var named = new TreeSet<RecordKey>();
            for (var change : changes) {
                if (!change.entityType().equals(type.name()) || change.intent().kind() != Intent.Kind.CREATE) continue;
                var before = formerly(change);
                if (before.isEmpty()) continue;
                named.addAll(Referents.named(type, before));
                named.addAll(
                        Referents.named(type, change.system(), change.intent().values()));
            }
            if (!named.isEmpty()) {
                references.put(type.name(), Referents.of(type, tx.goldens().goldenOf(named), Map.of()));
            }
        }
    }

    private void readVerdicts(HubTransaction tx) {
        var returning = new TreeSet<RecordKey>();
        members.forEach((golden, list) -> {
            for (var member : list) {
                if (member.record().state() != RecordState.RETURNING) continue;
                returning.add(member.record().key());
                lineage.computeIfAbsent(golden, id -> tx.merges().lineage(id));
            }
        });
        if (returning.isEmpty()) return;
        for (var link : tx.links().of(returning)) {
            if (!link.active() || link.origin() != Origin.STEWARD) continue;
            for (var end : List.of(link.a(), link.b())) {
                if (returning.contains(end)) {
                    verdicts.computeIfAbsent(end, key -> new ArrayList<>()).add(link);
                }
            }
        }
    }

    /**
     * The record in whose place a create makes a new one: from then on it has gone into that. Others that were to return as well stay what
     * they are: they may be another golden's again one day.
     */
    public Optional<SourceRecord> replaced(OutboundChange create) {
        return formerly(create, RecordState.RETURNING).stream().findFirst();
    }

    private List<SourceRecord> formerly(OutboundChange create) {
        var before = new ArrayList<>(replaced(create).stream().toList());
        before.addAll(formerly(create, RecordState.DELETED));
        return before;
    }

    /** What the golden had in the system. A deleted record is only created again when somebody or a policy wants it back. */
    private List<SourceRecord> formerly(OutboundChange create, RecordState... states) {
        return members.getOrDefault(current.get(create.goldenId()), List.of()).stream()
                .map(Member::record)
                .filter(record -> List.of(states).contains(record.state())
                        && record.key().system().equals(create.system()))
                .sorted(Comparator.comparing(SourceRecord::key))
                .toList();
    }

    /** The records that {@link #link} may lead to. */
    public Set<RecordKey> partners() {
        var keys = new TreeSet<RecordKey>();
        members.values()
                .forEach(list -> list.forEach(member -> keys.add(member.record().key())));
        return keys;
    }

    /**
     * The record that a create made. Attributes that were not sent are the system's own.
     *
     * @param proven whether it is as the create left it; one that was only found by the key of the intent may have been edited since
     */
    public SourceRecord record(
            OutboundChange create,
            Observation seen,
            boolean proven,
            Function<String, AttributeType> types,
            Instant now) {
        var record = Outbound.confirm(
                null, seen.key(), seen.stream(), create.intent(), seen, proven, sourceTimes(create), types, now);
        var before = formerly(create);
        var leads = references.getOrDefault(create.entityType(), Referents.NONE);
        return before.isEmpty() ? record : Reborn.inPlaceOf(record, before, types, leads);
    }

    /**
     * Ties a created record to a member of its golden, a live one if there is any, and to the one in whose place it is, with what stewards
     * said of that; empty if there is none but itself.
     */
    public List<Link> links(OutboundChange create, SourceRecord record, Instant now) {
        var links = new ArrayList<Link>();
        partner(create, record).ifPresent(partner -> links.add(link(record.key(), partner, now)));
        replaced(create)
                .map(SourceRecord::key)
                .filter(key -> !key.equals(record.key()))
                .ifPresent(replaced -> {
                    links.add(link(record.key(), replaced, now));
                    for (var verdict : verdicts.getOrDefault(replaced, List.of())) {
                        var other = verdict.a().equals(replaced) ? verdict.b() : verdict.a();
                        if (!other.equals(record.key())) links.add(same(verdict, record.key(), other));
                    }
                });
        return links;
    }

    private static Link same(Link verdict, RecordKey one, RecordKey other) {
        var pair = PairKey.of(one, other);
        return new Link(
                pair.a(),
                pair.b(),
                verdict.origin(),
                verdict.decision(),
                verdict.state(),
                verdict.score(),
                verdict.evidence(),
                verdict.blockKey(),
                verdict.by(),
                verdict.at());
    }

    private Optional<RecordKey> partner(OutboundChange create, SourceRecord record) {
        var strangers = strangers(create);
        return members.getOrDefault(current.get(create.goldenId()), List.of()).stream()
                .map(Member::record)
                .filter(member -> !member.key().equals(record.key()))
                .min(Comparator.comparing((SourceRecord member) -> strangers.contains(member.key()))
                        .thenComparing(member -> member.state() != RecordState.LIVE)
                        .thenComparing(SourceRecord::key))
                .map(SourceRecord::key);
    }

    /**
     * Records that came to the golden only by merges since the create was sent, or that merges brought together with those in whose place
     * it is: when these merges are undone it goes with the others.
     */
    private Set<RecordKey> strangers(OutboundChange create) {
        var strangers = new HashSet<RecordKey>();
        for (var merge : since.getOrDefault(create.key(), List.of())) {
            boolean absorbed = !merge.survivor().equals(create.goldenId());
            var moved = new HashSet<RecordKey>();
            for (var move : merge.moved())
                if (!absorbed || move.from().equals(create.goldenId())) moved.add(move.record());
            if (!absorbed) strangers.addAll(moved);
            else partners().stream().filter(key -> !moved.contains(key)).forEach(strangers::add);
        }
        for (var replaced : replaced(create).stream().toList()) {
            for (var merge : lineage.getOrDefault(current.get(create.goldenId()), List.of())) {
                var sides = merge.sides();
                var own = sides.getOrDefault(replaced.key(), merge.survivor());
                partners().stream()
                        .filter(key ->
                                !sides.getOrDefault(key, merge.survivor()).equals(own))
                        .forEach(strangers::add);
            }
        }
        return strangers;
    }

    /** Whether a link ties a record that the hub created to one of its golden. */
    public static boolean isAdoption(Link link) {
        return link.active() && link.origin() == Origin.SOURCE && link.by().equals(BY);
    }

    private static Link link(RecordKey record, RecordKey partner, Instant now) {
        boolean ordered = record.compareTo(partner) < 0;
        return new Link(
                ordered ? record : partner,
                ordered ? partner : record,
                Origin.SOURCE,
                Decision.MATCH,
                LinkState.ACTIVE,
                0,
                List.of(),
                null,
                BY,
                now);
    }

    /** Source times of the golden's values, for the copies that are written of them. */
    public Map<String, Instant> sourceTimes(OutboundChange change) {
        var golden = goldens.get(current.get(change.goldenId()));
        var times = new HashMap<String, Instant>();
        if (golden != null) golden.values().forEach((attribute, value) -> times.put(attribute, value.sourceAt()));
        return times;
    }
}
