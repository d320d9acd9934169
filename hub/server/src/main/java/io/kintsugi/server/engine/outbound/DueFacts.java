package io.kintsugi.server.engine.outbound;

import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.Deletion.Means;
import io.kintsugi.core.model.Erasure.StepState;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Outbox.Marker;
import io.kintsugi.server.engine.deletion.Deleting;
import io.kintsugi.server.engine.shared.Folding;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.OpenQuestions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What due changes of one system are decided by, read in one go with their goldens locked.
 *
 * @param current where the goldens of creates lead to
 * @param questions an open review of a record, for members of goldens that are to be created somewhere
 * @param doomed records that are to be deleted
 * @param erased records that are to be deleted whatever else holds, because their thing is erased
 * @param missed systems in which the record of a golden is to be there again, by golden
 * @param folding which records are to be merged into others
 * @param reparenting references that are to lead to another record of the same golden
 * @param children records to look at because they are to lead elsewhere; grows
 * @param goes how records go that are about to be deleted; grows
 * @param required attributes that the system demands of new records, by entity type
 */
record DueFacts(
        Map<RecordKey, SourceRecord> targets,
        Map<RecordKey, String> goldenOf,
        Map<String, String> current,
        Map<String, GoldenRecord> goldens,
        Map<String, List<Member>> members,
        Map<RecordKey, String> questions,
        Set<RecordKey> doomed,
        Set<RecordKey> erased,
        Map<String, Set<String>> missed,
        Folding folding,
        OutboundReferences references,
        Reparenting reparenting,
        List<Marker> children,
        Map<RecordKey, Means> goes,
        Map<String, Set<String>> required) {

    /**
     * @param due changes that were due a moment ago
     * @param descriptions of the streams of the system, by name
     */
    static DueFacts read(
            HubTransaction tx,
            LiveModel model,
            String system,
            List<OutboundChange> due,
            Map<String, StreamDef> descriptions,
            Map<String, Set<String>> required) {
        var targets = new TreeSet<RecordKey>();
        var created = new TreeSet<String>();
        for (var change : due) {
            if (change.target() != null) targets.add(change.target());
            else created.add(change.goldenId());
        }
        var current = tx.goldens().currentIds(created);
        var goldenIds = new TreeSet<>(current.values());
        var goldenOf = tx.goldens().goldenOf(targets);
        goldenIds.addAll(goldenOf.values());
        tx.goldens().claim(goldenIds);
        goldenOf = tx.goldens().goldenOf(targets); // again, now that nothing can move
        var duplicates = Folding.policy(model.get(), system);
        var wanted = new TreeSet<>(current.values());
        if (duplicates.when() != When.KEEP) wanted.addAll(goldenOf.values());
        var members =
                wanted.isEmpty() ? Map.<String, List<Member>>of() : tx.goldens().members(wanted);
        var found = tx.records().find(targets);
        var goldens = tx.goldens().find(goldenIds);
        var concerned = concerned(found, members, duplicates);
        return new DueFacts(
                found,
                goldenOf,
                current,
                goldens,
                members,
                OpenQuestions.of(tx, records(members)),
                Deleting.doomed(tx, model.get(), concerned),
                erased(tx),
                Deleting.missed(tx, members),
                Folding.read(tx, duplicates, targets, members),
                OutboundReferences.read(tx, model.get(), system, goldens.values(), concerned.values()),
                Reparenting.read(tx, model, system, descriptions, found.values()),
                new ArrayList<>(),
                new TreeMap<>(),
                required);
    }

    static List<SourceRecord> records(Map<String, List<Member>> members) {
        return members.values().stream()
                .flatMap(List::stream)
                .map(Member::record)
                .toList();
    }

    /** The records to write, and where some may be merged into others these too. */
    private static Map<RecordKey, SourceRecord> concerned(
            Map<RecordKey, SourceRecord> found, Map<String, List<Member>> members, Duplicates duplicates) {
        if (duplicates.when() == When.KEEP) return found;
        var all = new HashMap<>(found);
        members.values()
                .forEach(list ->
                        list.forEach(member -> all.putIfAbsent(member.record().key(), member.record())));
        return all;
    }

    /** Records that the hub is to delete for erasures. */
    private static Set<RecordKey> erased(HubTransaction tx) {
        var doomed = new HashSet<RecordKey>();
        for (var erasure : tx.erasures().open()) {
            for (var step : erasure.steps()) {
                if (step.state() == StepState.WAITING) doomed.add(erasure.target(step));
            }
        }
        return doomed;
    }
}
