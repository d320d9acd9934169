package io.kintsugi.server.api;

import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.ReferenceBook;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads goldens and records in the shape the API shows them, each batch in a fixed number of questions to the store. */
final class GoldenReader {
    private GoldenReader() {}

    /** @throws Refused with {@code NOT_FOUND} if the id was never used, with {@code GONE} if the golden was erased */
    static GoldenRecord load(HubTransaction tx, String id) {
        var golden = tx.goldens().find(List.of(id)).get(id);
        if (golden == null) throw Refused.notFound("there is no golden record " + id);
        if (golden.state() == GoldenState.ERASED) {
            var erasure = tx.erasures().ofGolden(id).map(Erasure::id).orElse("of a hub before this one");
            throw new Refused(ProblemType.GONE, "golden record " + id + " was erased; see erasure " + erasure);
        }
        return golden;
    }

    /** Like {@link #load}, but follows a retired id to the golden in use. */
    static GoldenRecord current(HubTransaction tx, String id) {
        return load(tx, tx.goldens().currentId(id));
    }

    static List<Member> members(HubTransaction tx, String id) {
        return tx.goldens().members(List.of(id)).getOrDefault(id, List.of());
    }

    static GoldenView view(HubTransaction tx, GoldenRecord golden) {
        return GoldenView.of(golden, keys(members(tx, golden.id())));
    }

    /** Like {@link #view}, with what its references lead to today. */
    static GoldenView whole(HubTransaction tx, HubModel model, GoldenRecord golden) {
        var view = view(tx, golden);
        var references = model.entityType(golden.entityType()).references();
        if (references.isEmpty()) return view;
        var ids = new TreeMap<String, String>();
        for (var reference : references) {
            var value = golden.value(reference.name());
            if (value != null) ids.put(reference.name(), value);
        }
        var current = tx.goldens().currentIds(new TreeSet<>(ids.values()));
        var found = tx.goldens().find(new TreeSet<>(current.values()));
        var referred = new TreeMap<String, GoldenView.Referred>();
        ids.forEach((attribute, id) -> {
            var to = found.get(current.get(id));
            if (to != null) referred.put(attribute, GoldenView.Referred.of(to));
        });
        return view.withReferences(referred);
    }

    /** Records as they are, with what keeps a reference of theirs from flowing. @param records of one type */
    static List<SourceRecord> withHolds(HubTransaction tx, HubModel model, Collection<SourceRecord> records) {
        if (records.isEmpty()) return List.of();
        var type = model.entityType(records.iterator().next().key().entityType());
        var referents = new ReferenceBook(tx, model).read(type, records, List.of());
        return records.stream()
                .map(record -> {
                    var terms = referents.inGoldenTerms(record);
                    var states = new HashMap<>(record.states());
                    for (var attribute : Outbound.unresolved(terms)) {
                        states.put(attribute, terms.states().get(attribute));
                    }
                    return record.withStates(states);
                })
                .toList();
    }

    /** Views by id; ids that are not known are left out. */
    static Map<String, GoldenView> views(HubTransaction tx, Collection<String> ids) {
        var members = tx.goldens().members(ids);
        var views = new LinkedHashMap<String, GoldenView>();
        var found = tx.goldens().find(ids);
        for (var id : new TreeSet<>(found.keySet())) {
            views.put(id, GoldenView.of(found.get(id), keys(members.getOrDefault(id, List.of()))));
        }
        return views;
    }

    static List<GoldenView.Summary> summaries(HubTransaction tx, Collection<GoldenRecord> goldens) {
        var members =
                tx.goldens().members(goldens.stream().map(GoldenRecord::id).toList());
        return goldens.stream()
                .map(golden -> GoldenView.summary(golden, keys(members.getOrDefault(golden.id(), List.of()))))
                .toList();
    }

    /** Records with the membership of each, in the order given. */
    static List<RecordView> records(HubTransaction tx, Collection<SourceRecord> records) {
        var goldenOf =
                tx.goldens().goldenOf(records.stream().map(SourceRecord::key).toList());
        var memberOf = new HashMap<RecordKey, Member>();
        tx.goldens()
                .members(new TreeSet<>(goldenOf.values()))
                .values()
                .forEach(members ->
                        members.forEach(member -> memberOf.put(member.record().key(), member)));
        return records.stream()
                .map(record -> {
                    var member = memberOf.get(record.key());
                    return RecordView.of(record, member == null ? null : member.membership());
                })
                .toList();
    }

    static List<RecordKey> keys(Collection<Member> members) {
        return members.stream().map(member -> member.record().key()).toList();
    }
}
