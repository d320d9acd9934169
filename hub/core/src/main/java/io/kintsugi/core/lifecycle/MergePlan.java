package io.kintsugi.core.lifecycle;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a merge of golden records means for each system, and how far an unmerge takes it back there. The label is never better than what
 * holds (MRG-5): whatever is not known for certain counts against it.
 *
 * @param steps one for each system that has a record of the merged golden or is to get one, by system
 */
public record MergePlan(List<Step> steps) {
    public MergePlan {
        steps = List.copyOf(steps);
    }

    /** How an unmerge gives a record back that went. */
    public enum Back {
        /** The old one, which the system can bring back, as long as it has it. */
        OLD_RECORD(
                "a record that goes comes back with its id, if the system still has it then",
                "what happens to other records there when it goes is not taken back"),
        /** A new one in its place. */
        NEW_RECORD(
                "a record that goes is created anew, under another id",
                "what is not mapped, and what the system ties to the record that goes, is not given back");

        private final List<String> limits;

        Back(String... limits) {
            this.limits = List.of(limits);
        }

        private static Back in(String system, Collection<String> undeletes) {
            return undeletes.contains(system) ? OLD_RECORD : NEW_RECORD;
        }
    }

    /** What becomes of the records of one system. */
    public enum Method {
        /** It has one record, which follows the golden record, or is to get one. */
        FOLLOW,
        /** It has several: all stay and are kept in step. */
        CONVERGE,
        /** It has several: the system merges the others into the first. */
        NATIVE,
        /** It has several: the others are deleted there, or marked as deleted. */
        DELETE,
        /** It has several and the hub may not write there: a person can merge them in the system. */
        TASK
    }

    /** How far an unmerge gives back what was there. From the best to the worst. */
    public enum Reversibility {
        /** All that is written is given back. */
        FULL,
        /** Some of it is not: {@link Step#limits()} says what. */
        PARTIAL,
        /** What happens there is not the hub's to take back. */
        NONE
    }

    /**
     * @param winner the record that was first linked; it stays the same whoever asks. Null if the system has none yet
     * @param others its other records of the golden, sorted
     * @param back how an unmerge gives a record back that went, or goes; null if none does
     * @param limits what is not given back, sentences for people; empty if {@code reversibility} is FULL
     */
    public record Step(
            String system,
            Method method,
            RecordKey winner,
            List<RecordKey> others,
            Reversibility reversibility,
            Back back,
            List<String> limits) {
        public Step {
            others = List.copyOf(others);
            limits = List.copyOf(limits);
        }

        /** The same with one more record that is gone. @param goesOn as another, because of a merge of the hub */
        private Step with(RecordState gone, boolean goesOn, Back way) {
            boolean returns = gone != RecordState.MERGED && gone != RecordState.DELETED;
            var lost =
                    switch (gone) {
                        case MERGED ->
                            goesOn
                                    ? List.of("a record goes on under the id that it got there when the hub merged")
                                    : List.of("what was merged there by others than the hub stays so");
                        case DELETED -> List.of("what was deleted there is not created again");
                        default -> way.limits;
                    };
            var worst = gone == RecordState.MERGED && !goesOn ? Reversibility.NONE : Reversibility.PARTIAL;
            var all = new TreeSet<>(limits);
            all.addAll(lost);
            return new Step(
                    system,
                    method,
                    winner,
                    others,
                    worst.compareTo(reversibility) > 0 ? worst : reversibility,
                    returns ? way : back,
                    List.copyOf(all));
        }
    }

    /**
     * A live record of the merged golden.
     *
     * @param since when it was linked
     * @param written whether the hub may write it
     */
    public record Target(RecordKey record, Instant since, boolean written, List<Overwrite> overwrites) {
        public Target {
            overwrites = List.copyOf(overwrites);
        }
    }

    /**
     * A value that the merged golden may put in the place of another, now or while the merge stands.
     *
     * @param known whether it is known what is there
     * @param clears whether the system can be made to hold no value
     * @param once whether the hub may write it now, or did, and not again
     * @param kept whether what is there goes on only because no system says anything else
     */
    public record Overwrite(String attribute, boolean known, boolean clears, boolean once, boolean kept) {
        private String limit() {
            if (!known) return attribute + ": it is not known what is there now";
            if (!clears) return "what is empty now cannot be emptied again there";
            if (once) return attribute + " cannot be written there again";
            if (kept) return attribute + " has a value that no system says any more";
            return null;
        }
    }

    /**
     * @param created systems that are to get a record
     * @param ways how systems make one record of several, {@code NATIVE} or {@code DELETE}; those that keep them are not in it
     * @param undeletes systems that can bring back a record that goes so
     */
    public static MergePlan of(
            Collection<Target> targets,
            Collection<String> created,
            Map<String, Method> ways,
            Collection<String> undeletes) {
        var bySystem = new TreeMap<String, List<Target>>();
        for (var target : targets) {
            bySystem.computeIfAbsent(target.record().system(), id -> new ArrayList<>())
                    .add(target);
        }
        var steps = new TreeMap<String, Step>();
        bySystem.forEach((system, there) ->
                steps.put(system, step(system, there, ways.get(system), Back.in(system, undeletes))));
        for (var system : created) {
            var limits = List.of("a record is created there, and stays");
            steps.put(system, new Step(system, Method.FOLLOW, null, List.of(), Reversibility.PARTIAL, null, limits));
        }
        return new MergePlan(List.copyOf(steps.values()));
    }

    private static Step step(String system, List<Target> there, Method way, Back back) {
        var records = there.stream()
                .sorted(Comparator.comparing(Target::since).thenComparing(Target::record))
                .map(Target::record)
                .toList();
        var winner = records.get(0);
        var others = records.stream().skip(1).sorted().toList();
        boolean written = there.stream().allMatch(Target::written);
        if (!others.isEmpty() && !written) {
            var limits = List.of("what a person merges there is not taken back by the hub");
            return new Step(system, Method.TASK, winner, others, Reversibility.NONE, null, limits);
        }
        if (!others.isEmpty() && way != null) {
            return new Step(system, way, winner, others, Reversibility.PARTIAL, back, back.limits);
        }
        var limits = there.stream()
                .flatMap(target -> target.overwrites().stream())
                .map(Overwrite::limit)
                .filter(limit -> limit != null)
                .distinct()
                .sorted()
                .toList();
        return new Step(
                system,
                others.isEmpty() ? Method.FOLLOW : Method.CONVERGE,
                winner,
                others,
                limits.isEmpty() ? Reversibility.FULL : Reversibility.PARTIAL,
                null,
                limits);
    }

    /**
     * The same where some of it has happened.
     *
     * @param gone records that are not in their systems any more, with what became of them
     * @param goOn those of them that are there as another record, because their system made a new one when the hub merged
     * @param undeletes as for {@link #of}
     */
    public MergePlan since(Map<RecordKey, RecordState> gone, Collection<RecordKey> goOn, Collection<String> undeletes) {
        var all = new TreeMap<String, Step>();
        for (var step : steps) all.put(step.system(), step);
        new TreeMap<>(gone).forEach((record, state) -> {
            var system = record.system();
            var step = all.getOrDefault(
                    system, new Step(system, Method.FOLLOW, null, List.of(), Reversibility.FULL, null, List.of()));
            all.put(system, step.with(state, goOn.contains(record), Back.in(system, undeletes)));
        });
        return new MergePlan(List.copyOf(all.values()));
    }

    /** That of the system where least is given back; FULL if nothing happens anywhere. */
    public Reversibility reversibility() {
        return steps.stream()
                .map(Step::reversibility)
                .max(Comparator.naturalOrder())
                .orElse(Reversibility.FULL);
    }
}
