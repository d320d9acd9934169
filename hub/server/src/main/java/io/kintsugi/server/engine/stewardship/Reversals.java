package io.kintsugi.server.engine.stewardship;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.core.lifecycle.MergePlan;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Records.At;
import io.kintsugi.server.engine.resolution.Adoption;
import io.kintsugi.server.engine.resolution.Folds;
import io.kintsugi.server.engine.shared.LiveModel;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * How far merges that stand can be taken back now (MRG-5): from what their records hold, what they held when they became one, and what
 * is to be written. Thread-safe; takes as many store calls for many merges as for one.
 */
public final class Reversals {
    private final LiveModel model;
    private final Function<String, Catalog> catalogs;

    /** @param catalogs what a system can do; gives null for one that has not said */
    public Reversals(LiveModel model, Function<String, Catalog> catalogs) {
        this.model = model;
        this.catalogs = catalogs;
    }

    /** Of each event that was not undone and can be, by its id. */
    public Map<String, MergePlan> of(HubTransaction tx, Collection<MergeEvent> events) {
        var standing = events.stream().filter(event -> event.undoneAt() == null).toList();
        var current = tx.goldens()
                .currentIds(standing.stream().map(MergeEvent::survivor).toList());
        var ids = new TreeSet<>(current.values());
        var goldens = tx.goldens().find(ids);
        var members = tx.goldens().members(ids);
        var asked = new HashSet<At>();
        var later = new TreeSet<RecordKey>();
        var merged = new TreeSet<RecordKey>();
        for (var event : standing) {
            for (var member : members.getOrDefault(current.get(event.survivor()), List.of())) {
                asked.add(new At(member.record().key(), event.at()));
                if (MergePlans.cameLater(event, member))
                    later.add(member.record().key());
                if (member.record().state() == RecordState.MERGED)
                    merged.add(member.record().key());
            }
        }
        var former = tx.records().former(asked);
        var links = links(tx, later, merged);
        var made = made(links);
        var goOn = goOn(links, merged);
        var creates = creates(tx, goldens.values());
        var plans = new HashMap<String, MergePlan>();
        for (var event : standing) {
            var golden = goldens.get(current.get(event.survivor()));
            if (golden == null) continue;
            var there = members.getOrDefault(golden.id(), List.of());
            if (!comesApart(event, there)) continue;
            Function<SourceRecord, Map<String, String>> held =
                    record -> former.getOrDefault(new At(record.key(), event.at()), record.attributes());
            var of = new MergePlans(model.get(), model.rules(event.entityType()), catalogs);
            var created = creates.getOrDefault(golden.id(), Set.of());
            plans.put(event.id(), of.standing(event, golden, there, held, made, goOn, created));
        }
        return plans;
    }

    /** Whether something is there on both sides. */
    private static boolean comesApart(MergeEvent event, List<Member> members) {
        var sides = new HashSet<String>();
        var from = event.sides();
        for (var member : members) {
            if (member.record().state().counts() && !MergePlans.cameLater(event, member))
                sides.add(from.getOrDefault(member.record().key(), event.survivor()));
        }
        return sides.size() > 1;
    }

    private static List<Link> links(HubTransaction tx, Set<RecordKey> some, Set<RecordKey> more) {
        var records = new TreeSet<>(some);
        records.addAll(more);
        return records.isEmpty() ? List.of() : List.copyOf(tx.links().of(records));
    }

    /** Records that the hub created. */
    private static Set<RecordKey> made(List<Link> links) {
        var made = new HashSet<RecordKey>();
        for (var link : links) {
            if (!Adoption.isAdoption(link)) continue;
            made.add(link.a());
            made.add(link.b());
        }
        return made;
    }

    /** Those among merged records that go on as one that is not, over others that did; none that others merged. */
    private static Set<RecordKey> goOn(List<Link> links, Set<RecordKey> merged) {
        var continuations = links.stream().filter(Folds::isContinuation).toList();
        var others = new HashSet<RecordKey>();
        for (var link : links) if (isOfOthers(link)) others.addAll(List.of(link.a(), link.b()));
        var goOn = new HashSet<RecordKey>();
        for (boolean more = true; more; ) {
            more = false;
            for (var link : continuations) {
                boolean a = merged.contains(link.a()) && !goOn.contains(link.a()); // not known to go on
                boolean b = merged.contains(link.b()) && !goOn.contains(link.b());
                if (a != b) more |= goOn.add(a ? link.a() : link.b());
            }
        }
        goOn.removeAll(others);
        return goOn;
    }

    /** Whether somebody other than the hub merged one of two records of a system into the other. */
    private static boolean isOfOthers(Link link) {
        boolean hubs = Folds.isFold(link) || Folds.isContinuation(link) || Adoption.isAdoption(link);
        return link.active()
                && link.origin() == Origin.SOURCE
                && link.a().system().equals(link.b().system())
                && !hubs;
    }

    /** Systems that are to get a record, by golden. */
    private Map<String, Set<String>> creates(HubTransaction tx, Collection<GoldenRecord> goldens) {
        var keys = new TreeMap<String, List<String>>();
        for (var golden : goldens) {
            for (var system : model.get().systems()) {
                keys.put(
                        OutboundChange.createKey(golden.id(), system.id(), golden.entityType()),
                        List.of(golden.id(), system.id()));
            }
        }
        var creates = new HashMap<String, Set<String>>();
        for (var change : tx.outbox().find(keys.keySet()).values()) {
            if (change.state() == OutboundState.SETTLED) continue;
            var of = keys.get(change.key());
            creates.computeIfAbsent(of.get(0), id -> new TreeSet<>()).add(of.get(1));
        }
        return creates;
    }
}
