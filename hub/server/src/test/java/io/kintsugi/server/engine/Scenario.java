package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.core.policy.Duplicates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** What is drawn before a history begins: what systems are like, and what happens in them and to the hub. */
final class Scenario {
    static final List<String> FIELDS = List.of("firstName", "lastName", "email", "birthDate", "note", "nick", "tier");

    private Scenario() {}

    /** @param dice decides what the step does in particular */
    record Step(Duration at, Kind kind, long dice) {}

    enum Kind {
        CREATE,
        EDIT,
        DELETE,
        MERGE,
        /** A steward takes a merge back. */
        UNMERGE,
        /** A person brings back what was deleted in a system. */
        BRING_BACK,
        /** A steward answers a question about deleted records. */
        ANSWER,
        /** A steward undoes what a deletion did. */
        RESTORE,
        /** People merge two records in a system. */
        MERGE_INSIDE,
        KILL,
        OUTAGE,
        STOP,
        /** A person says who somebody's boss is, or that there is none. */
        POINT,
        /** Somebody is entered who shares an address with others. */
        MOVE_IN,
        /** A person makes a value empty. */
        CLEAR,
        /** A steward gives a golden record a value. */
        GIVE,
        /** A steward takes back a value that was given. */
        TAKE_BACK,
        /** Another policy is published. */
        PUBLISH,
        /** The options that a system lacks are added there. */
        ADD_OPTIONS
    }

    static Duration delay(Nature nature, SplittableRandom random) {
        long lag = nature.lag().toMillis();
        if (lag == 0 || random.nextInt(10) > 0) return Duration.ZERO;
        return Duration.ofMillis(random.nextLong(lag));
    }

    /** What a system does with several records of one golden: most keep them. */
    static Duplicates duplicates(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> new Duplicates(Duplicates.When.MERGE_DECIDED, true);
            case 1 -> new Duplicates(Duplicates.When.MERGE, random.nextBoolean());
            default -> Duplicates.KEEP;
        };
    }

    /** @param merging drawn apart, so that the seeds of before are the histories they were */
    static Nature nature(SplittableRandom random, SplittableRandom merging) {
        var traits = EnumSet.of(Trait.TELLS_DELETES, Trait.DELETES);
        if (random.nextInt(10) < 7) traits.add(Trait.VERSIONS);
        if (random.nextInt(10) < 6) traits.add(Trait.CONDITIONAL);
        if (random.nextInt(10) < 8) traits.add(Trait.LINK_KEY);
        if (random.nextBoolean()) traits.add(Trait.TELLS_RECORD);
        int feed = random.nextInt(3);
        if (feed == 0) traits.add(Trait.TELLS_STATES);
        if (feed == 1) traits.add(Trait.HINTS);
        if (random.nextInt(3) == 0) traits.add(Trait.BUMPS_UNCHANGED);
        if (merging.nextInt(4) > 0) {
            traits.add(merging.nextInt(3) == 0 ? Trait.MERGES_MINTING_ID : Trait.MERGES_KEEPING_ID);
            if (merging.nextBoolean()) traits.add(Trait.TELLS_MERGES);
        }
        var rewriting = new HashMap<String, UnaryOperator<String>>();
        if (random.nextInt(3) == 0) rewriting.put("note", text -> text.length() > 9 ? text.substring(0, 9) : text);
        if (random.nextInt(3) == 0) rewriting.put("nick", text -> text.toUpperCase(Locale.ROOT));
        if (random.nextInt(4) == 0) rewriting.put("tier", text -> " " + text.strip());
        return new Nature(
                traits,
                FIELDS,
                Duration.ofMillis(random.nextBoolean() ? 1 : 1000),
                random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(45),
                null,
                random.nextBoolean() ? 100 : 1 + random.nextInt(3),
                rewriting,
                random.nextInt(3) == 0 ? Set.of("email") : Set.of());
    }

    /** From here on seeds are rougher histories too: drawn apart, so that those below are what they were. */
    static final long ROUGH = 1_000_000_000L;

    /** From here on more happens in histories: each of it drawn apart, so that those below are what they were. */
    static final long WIDE = 2_000_000_000L;

    /** From here on policies change in the midst and automations fight: drawn apart, so that those below are what they were. */
    static final long WIDER = 3_000_000_000L;

    /** From here on systems have more vices: each drawn apart, so that those below are what they were. */
    static final long WIDEST = 4_000_000_000L;

    /** How much more often things go wrong on the way to systems than usually. */
    static double roughness(long seed) {
        return seed >= ROUGH && new SplittableRandom(seed ^ 0x6A09E667F3BCC909L).nextBoolean() ? 4 : 1;
    }

    /** The steps of a seed. */
    static List<Step> draw(long seed, int count) {
        var random = new SplittableRandom(seed ^ 0x9E3779B97F4A7C15L);
        var steps = new ArrayList<Step>();
        long at = 0;
        for (int i = 0; i < 3 + random.nextInt(5); i++) {
            at += random.nextLong(30_000);
            steps.add(new Step(Duration.ofMillis(at), Kind.CREATE, random.nextLong()));
        }
        long gap = random.nextBoolean() ? 200 + random.nextLong(3000) : 3000 + random.nextLong(60_000);
        boolean deletes = random.nextBoolean();
        boolean merges = random.nextInt(4) == 0;
        boolean kills = random.nextInt(10) < 6;
        boolean outages = random.nextInt(10) < 6;
        for (int i = 0; i < count; i++) {
            at += 1 + random.nextLong(2 * gap);
            int x = random.nextInt(100);
            var kind = x < 10
                    ? Kind.CREATE
                    : x < 15 && deletes
                            ? Kind.DELETE
                            : x < 18 && merges
                                    ? Kind.MERGE
                                    : x < 24 && kills
                                            ? Kind.KILL
                                            : x < 27 && outages ? Kind.OUTAGE : x < 28 ? Kind.STOP : Kind.EDIT;
            steps.add(new Step(Duration.ofMillis(at), kind, random.nextLong()));
        }
        if (deletes) steps.addAll(afterDeletes(steps, seed >= ROUGH, new SplittableRandom(seed ^ 0x5DEECE66DL)));
        if (deletes && seed >= ROUGH) steps.addAll(killsAfterDeletes(steps, seed));
        if (Bosses.drawn(seed)) steps.addAll(Bosses.steps(seed, at, count / 3));
        if (MergeLife.drawn(seed)) steps.addAll(MergeLife.steps(seed, at, count / 5));
        if (Housemates.drawn(seed)) steps.addAll(Housemates.steps(seed, at, 1 + count / 10));
        if (Bins.drawn(seed)) steps.addAll(Bins.steps(seed, at, 1 + count / 10));
        if (Clears.drawn(seed)) steps.addAll(Clears.steps(seed, at, count / 5));
        if (Forgetting.drawn(seed)) steps.addAll(Forgetting.steps(seed, at, 1 + count / 20));
        if (Gifts.drawn(seed)) steps.addAll(Gifts.steps(seed, at, 1 + count / 10));
        if (Publications.drawn(seed)) steps.addAll(Publications.steps(seed, at, 1 + count / 10));
        if (Picklists.drawn(seed)) steps.addAll(Picklists.steps(seed, at, 2));
        var merging = merging(seed);
        int most = merging.nextInt(3) > 0 ? 0 : 1 + merging.nextInt(4);
        for (int i = 0; i < most; i++) {
            steps.add(new Step(Duration.ofMillis(merging.nextLong(at)), Kind.MERGE_INSIDE, merging.nextLong()));
        }
        steps.sort(Comparator.comparing(Step::at));
        return steps;
    }

    static SplittableRandom merging(long seed) {
        return new SplittableRandom(seed ^ 0x2545F4914F6CDD1DL);
    }

    /**
     * What people do about deleted records.
     *
     * @param pressing whether most of it happens while the hub deletes what follows
     */
    private static List<Step> afterDeletes(List<Step> steps, boolean pressing, SplittableRandom random) {
        var kinds = List.of(Kind.BRING_BACK, Kind.ANSWER, Kind.RESTORE);
        var more = new ArrayList<Step>();
        for (var step : steps) {
            if (step.kind() != Kind.DELETE || random.nextInt(3) == 0) continue;
            boolean soon = pressing && random.nextInt(4) > 0;
            var later = step.at().plusMillis(soon ? 60_000 + random.nextLong(60_000) : random.nextLong(300_000));
            more.add(new Step(later, kinds.get(random.nextInt(kinds.size())), random.nextLong()));
        }
        return more;
    }

    /** The hub is killed while it deletes what follows, so that for minutes nobody knows whether that has arrived. */
    private static List<Step> killsAfterDeletes(List<Step> steps, long seed) {
        var random = new SplittableRandom(seed ^ 0xA54FF53A5F1D36F1L);
        var more = new ArrayList<Step>();
        if (!random.nextBoolean()) return more;
        for (var step : steps) {
            if (step.kind() != Kind.DELETE || random.nextInt(2) == 0) continue;
            var later = step.at().plusMillis(60_000 + random.nextLong(45_000));
            more.add(new Step(later, Kind.KILL, random.nextLong()));
        }
        return more;
    }
}
