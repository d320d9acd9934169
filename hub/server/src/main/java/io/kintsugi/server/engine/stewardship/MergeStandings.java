package io.kintsugi.server.engine.stewardship;

import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.shared.LiveModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How far systems have come with a merge, or with taking it back (MRG-6). Nothing of it is stored: it follows from the records and from
 * what is to be written, as they are now. So what happens to the golden records later shows in it as well.
 */
public final class MergeStandings {
    private final LiveModel model;

    public MergeStandings(LiveModel model) {
        this.model = model;
    }

    /** How far one system has come, the furthest from its end first. */
    public enum Progress {
        /** A write was refused or cannot be done: a person has to look. */
        FAILED,
        /** The system has several records which the hub cannot make one, or not make two again: a person can. */
        TASK,
        /** Something is being written, or it is being found out whether it arrived. */
        EXECUTING,
        /** Something is to be written. */
        PLANNED,
        /** The system holds the merge. */
        CONFIRMED,
        /** The system holds what it held without the merge. */
        COMPENSATED;

        boolean ends() {
            return this == CONFIRMED || this == COMPENSATED;
        }
    }

    /** Whether all systems have come to the end. */
    public enum State {
        SETTLED,
        PARTIALLY_SETTLED
    }

    /**
     * @param why for people; null where there is nothing to say
     * @param change key of the write that it waits for; null if for none
     */
    public record Step(String system, Progress progress, String why, String change) {}

    /** @param systems one for each that has a record of the golden records, or is to get one, by system */
    public record Standing(State state, List<Step> systems) {
        Standing(Collection<Step> steps) {
            this(
                    steps.stream().allMatch(step -> step.progress().ends()) ? State.SETTLED : State.PARTIALLY_SETTLED,
                    List.copyOf(steps));
        }
    }

    /** Of each event, by its id. */
    public Map<String, Standing> of(HubTransaction tx, Collection<MergeEvent> events) {
        var ids = new TreeSet<String>();
        for (var event : events) ids.addAll(goldens(event));
        var current = tx.goldens().currentIds(ids);
        var members = tx.goldens().members(new TreeSet<>(current.values()));
        var keys = new TreeSet<String>();
        for (var event : events) {
            for (var id : goldens(event)) keys.addAll(keys(event, current.get(id), members));
        }
        var changes = tx.outbox().find(keys);
        var standings = new HashMap<String, Standing>();
        for (var event : events) {
            var ofEvent = new TreeMap<String, List<Member>>();
            for (var id : goldens(event)) {
                var now = current.get(id);
                if (now != null) ofEvent.put(now, members.getOrDefault(now, List.of()));
            }
            standings.put(event.id(), standing(event, ofEvent, changes));
        }
        return standings;
    }

    private static Set<String> goldens(MergeEvent event) {
        var goldens = new TreeSet<>(Set.of(event.survivor()));
        if (event.undoneAt() != null) goldens.addAll(event.absorbed());
        return goldens;
    }

    private Set<String> keys(MergeEvent event, String golden, Map<String, List<Member>> members) {
        var keys = new TreeSet<String>();
        if (golden == null) return keys;
        for (var member : members.getOrDefault(golden, List.of())) {
            if (!member.record().state().gone()) {
                keys.add(OutboundChange.updateKey(member.record().key()));
            }
        }
        for (var system : model.get().systems()) {
            keys.add(OutboundChange.createKey(golden, system.id(), event.entityType()));
        }
        return keys;
    }

    private Standing standing(
            MergeEvent event, Map<String, List<Member>> goldens, Map<String, OutboundChange> changes) {
        boolean undone = event.undoneAt() != null;
        var steps = new TreeMap<String, Step>();
        var moved = new HashSet<RecordKey>();
        for (var move : event.moved()) moved.add(move.record());
        goldens.forEach((golden, members) -> {
            for (var member : members) {
                var system = member.record().key().system();
                put(steps, new Step(system, undone ? Progress.COMPENSATED : Progress.CONFIRMED, null, null));
            }
            for (var step : tasks(event, moved, members)) put(steps, step);
            for (var key : keys(event, golden, goldens)) {
                var change = changes.get(key);
                var step = change == null ? null : step(change);
                if (step != null) put(steps, step);
            }
        });
        return new Standing(steps.values());
    }

    /** Of several findings about one system the one that is furthest from the end. */
    private static void put(Map<String, Step> steps, Step step) {
        steps.merge(step.system(), step, (one, other) -> one.progress().compareTo(other.progress()) <= 0 ? one : other);
    }

    private static Step step(OutboundChange change) {
        return switch (change.state()) {
            case SETTLED -> null;
            case PARKED -> new Step(change.system(), Progress.FAILED, change.problem(), change.key());
            case SENDING, VERIFYING -> new Step(change.system(), Progress.EXECUTING, change.problem(), change.key());
            case DUE, HELD -> new Step(change.system(), Progress.PLANNED, change.problem(), change.key());
        };
    }

    /** What only people can do in systems. */
    private List<Step> tasks(MergeEvent event, Set<RecordKey> moved, List<Member> members) {
        var live = new TreeMap<String, Integer>();
        for (var member : members) {
            if (member.record().state() == RecordState.LIVE) {
                live.merge(member.record().key().system(), 1, Integer::sum);
            }
        }
        var tasks = new ArrayList<Step>();
        if (event.undoneAt() == null) {
            live.forEach((system, records) -> {
                if (records > 1 && !isWritten(system, event.entityType())) {
                    var why = "it has " + records + " records, and the hub does not write there; merge them there";
                    tasks.add(new Step(system, Progress.TASK, why, null));
                }
            });
            return tasks;
        }
        for (var member : members) {
            var key = member.record().key();
            if (moved.contains(key)
                    && member.record().state() == RecordState.MERGED
                    && !live.containsKey(key.system())) {
                var why = key.externalId() + " was merged there by others than the hub, and stays so; "
                        + "make it anew there if it is needed";
                tasks.add(new Step(key.system(), Progress.TASK, why, null));
            }
        }
        return tasks;
    }

    private boolean isWritten(String system, String entityType) {
        return model.get().system(system).stream()
                .flatMap(config -> config.streams().stream())
                .filter(stream -> stream.entityType().equals(entityType))
                .anyMatch(StreamMapping::write);
    }
}
