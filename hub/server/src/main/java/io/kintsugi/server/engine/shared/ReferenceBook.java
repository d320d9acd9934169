package io.kintsugi.server.engine.shared;

import io.kintsugi.core.lifecycle.ResolutionPlan;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.References.Reference;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What records refer to, in one transaction: noted, looked up, and followed when it moves (SYN-12). */
public final class ReferenceBook {
    private final HubTransaction tx;
    private final HubModel model;

    public ReferenceBook(HubTransaction tx, HubModel model) {
        this.tx = tx;
        this.model = model;
    }

    /**
     * Notes what records name. Done with the storing of the records, before anything is decided by them: whoever gives a parent its
     * golden later finds the children, and whoever comes later than that finds the golden.
     */
    public void note(Collection<SourceRecord> records) {
        var named = new HashMap<RecordKey, Set<Reference>>();
        for (var type : model.entityTypes()) {
            if (type.references().isEmpty()) continue;
            for (var record : records) {
                boolean refers = record.key().entityType().equals(type.name())
                        && type.references().stream().anyMatch(reference -> isMapped(reference, record));
                if (refers) named.put(record.key(), references(type, record));
            }
        }
        if (!named.isEmpty()) tx.references().save(named);
    }

    /**
     * Notes what goldens refer to though no record of theirs names it, such as what a steward gave: one of their records is noted to
     * name a record of that, so that they follow it as all children do. Called after {@link #note}, by which that is forgotten.
     *
     * @param referents what the references of the plan's records lead to
     */
    public void noteGiven(EntityType type, ResolutionPlan plan, Referents referents) {
        var given = new TreeMap<RecordKey, Map<String, String>>(); // golden by reference
        for (var reference : type.references()) {
            var name = reference.name();
            plan.current().forEach((id, golden) -> {
                var value = golden.value(name);
                var records = plan.members().getOrDefault(id, List.of());
                if (value == null || value.isEmpty() || records.isEmpty()) return;
                boolean named = records.stream()
                        .anyMatch(record ->
                                value.equals(referents.inGoldenTerms(record).value(name)));
                if (named) return;
                given.computeIfAbsent(records.get(0).key(), any -> new TreeMap<>())
                        .put(name, value);
            });
        }
        if (given.isEmpty()) return;
        var parents = new TreeSet<String>();
        given.values().forEach(goldens -> parents.addAll(goldens.values()));
        var members = tx.goldens().members(parents);
        var named = new HashMap<RecordKey, Set<Reference>>();
        tx.references().of(given.keySet()).forEach((key, references) -> named.put(key, new HashSet<>(references)));
        given.forEach((key, goldens) -> goldens.forEach((name, golden) ->
                members.getOrDefault(golden, List.of()).stream().findFirst().ifPresent(parent -> named.computeIfAbsent(
                                key, any -> new HashSet<>())
                        .add(new Reference(name, parent.record().key())))));
        tx.references().save(named);
    }

    /**
     * Records came back, and others may have joined their golden again that had left it.
     *
     * @param before what was known of the saved ones
     */
    public void cameBack(
            Collection<RecordKey> returned, Map<RecordKey, SourceRecord> before, Collection<SourceRecord> saved) {
        var there = new TreeSet<>(returned);
        for (var record : saved) {
            var was = before.get(record.key());
            boolean away = was != null
                    && (was.state() == RecordState.DISCONNECTED || was.state().gone());
            if (away && record.state() == RecordState.LIVE) there.add(record.key());
        }
        cameBack(there);
    }

    /** Lets the children of goldens be resolved again whose records came back: there is something to refer to in their systems again. */
    public void cameBack(Collection<RecordKey> returned) {
        var parents = returned.stream()
                .filter(key -> model.referredTo(key.entityType()))
                .toList();
        if (parents.isEmpty()) return;
        var siblings = new TreeSet<RecordKey>();
        tx.goldens()
                .members(new TreeSet<>(tx.goldens().goldenOf(parents).values()))
                .values()
                .forEach(members ->
                        members.forEach(member -> siblings.add(member.record().key())));
        tx.records().markPending(tx.references().to(siblings));
    }

    private static boolean isMapped(Attribute reference, SourceRecord record) {
        return record.attributes().containsKey(reference.name())
                || record.states().containsKey(reference.name());
    }

    private static Set<Reference> references(EntityType type, SourceRecord record) {
        var references = new HashSet<Reference>();
        for (var reference : type.references()) {
            for (var key : Referents.named(reference, record)) references.add(new Reference(reference.name(), key));
        }
        return references;
    }

    /**
     * What references lead to now.
     *
     * @param goldens whose values, and what stewards gave them, may name retired goldens
     */
    public Referents read(EntityType type, Collection<SourceRecord> records, Collection<GoldenRecord> goldens) {
        if (type.references().isEmpty()) return Referents.NONE;
        return Referents.of(
                type,
                tx.goldens().goldenOf(Referents.named(type, records)),
                tx.goldens().currentIds(Referents.goldensNamed(type, goldens)));
    }

    /**
     * Lets the children of what a plan moves be resolved again: those that name a record which came to a golden, and all of a golden
     * that is now in a system it was not in before, because they can be written there only now. Called last, because a child may have
     * been resolved in this transaction by what was true before.
     *
     * @param before where records were
     */
    public void follow(EntityType type, ResolutionPlan plan, Map<RecordKey, Membership> before) {
        if (!model.referredTo(type.name())) return;
        var moved = new TreeSet<RecordKey>();
        for (var now : plan.assign()) {
            if (stayed(now.record(), now.goldenId(), before)) continue;
            moved.add(now.record());
            var members = plan.members().getOrDefault(now.goldenId(), List.of());
            boolean wasThere = members.stream()
                    .filter(member -> member.state() == RecordState.LIVE)
                    .map(SourceRecord::key)
                    .filter(key -> key.system().equals(now.record().system()))
                    .anyMatch(key -> stayed(key, now.goldenId(), before));
            if (wasThere) continue;
            members.forEach(member -> moved.add(member.key()));
            moved.addAll(plan.gone().getOrDefault(now.goldenId(), List.of())); // what a system merged is still named
        }
        if (!moved.isEmpty()) tx.records().markPending(tx.references().to(moved));
    }

    private static boolean stayed(RecordKey record, String golden, Map<RecordKey, Membership> before) {
        var was = before.get(record);
        return was != null && was.goldenId().equals(golden);
    }
}
