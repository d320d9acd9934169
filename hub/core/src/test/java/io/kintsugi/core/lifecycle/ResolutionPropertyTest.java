package io.kintsugi.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.RecordState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What many resolutions one after the other leave of goldens and their ids, over random histories. */
class ResolutionPropertyTest {
    private static final int BRIDGES = 3; // that stand one on the other

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    /** Goldens of records that all match one another; between the goldens little speaks, either way. */
    private static final class Goldens {
        private final Map<String, List<String>> records = new LinkedHashMap<>();
        private final Picture picture;

        Goldens(Random random) {
            int next = 0;
            int count = 2 + random.nextInt(4);
            for (int golden = 1; golden <= count; golden++) {
                var own = new ArrayList<String>();
                int size = 1 + random.nextInt(4);
                while (own.size() < size) own.add((random.nextBoolean() ? "crm:" : "erp:") + next++);
                records.put("G" + golden, own);
            }
            picture = new Picture(records.entrySet().stream()
                            .map(golden -> golden.getKey() + ": " + String.join(" ", golden.getValue()))
                            .toArray(String[]::new))
                    .strangers(-0.5);
            records.values().forEach(own -> matchAll(picture, own));
        }

        /** A record that matches all records of some goldens. */
        void arrives(String bridge, Set<String> ends, Map<String, Set<String>> live) {
            picture.record(bridge);
            for (var end : ends) for (var record : live.get(end)) picture.matchesSurely(bridge, record);
        }

        /** It is deleted, loses its keys, or matches nobody any more. */
        void goes(String bridge, Random random) {
            switch (random.nextInt(3)) {
                case 0 -> picture.deleted(bridge);
                case 1 -> picture.state(bridge, RecordState.UNKEYED);
                default -> {
                    for (var other : picture.records()) picture.forgetRule(bridge, other);
                }
            }
        }

        /** The records of each after a resolution, without goldens of what was a bridge once. */
        Map<String, Set<String>> live() {
            var live = picture.resolve().live();
            live.keySet().retainAll(records.keySet());
            return live;
        }
    }

    private static String bridge(int round, int number) {
        return "web:" + round + "." + number;
    }

    /** What becomes of goldens, as old as their names say, if a bridge joins some. */
    private static Map<String, Set<String>> merged(Map<String, Set<String>> live, Set<String> ends, String bridge) {
        var merged = new TreeMap<>(live);
        var records = new TreeSet<>(Set.of(bridge));
        for (var end : ends) records.addAll(merged.remove(end));
        merged.put(new TreeSet<>(ends).first(), records);
        return merged;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName(
            "ID-7: without the record that bridged them, deleted or edited, goldens have the ids and records that they had "
                    + "before it came, however many came on top of it")
    void withoutItsBridgeEachGoldenIsThereAgain(long seed) {
        var random = new Random(seed);
        var goldens = new Goldens(random);
        var picture = goldens.picture;
        for (int round = 0; round < 3; round++) {
            var before = new ArrayList<Map<String, Set<String>>>();
            for (var live = goldens.live(); live.size() > 1 && before.size() < BRIDGES; live = goldens.live()) {
                var ends = some(live.keySet(), random);
                var bridge = bridge(round, before.size());
                goldens.arrives(bridge, ends, live);
                assertThat(goldens.live()).as("merged into the oldest").isEqualTo(merged(live, ends, bridge));
                before.add(live);
            }
            boolean together = random.nextBoolean();
            for (int bridge = before.size() - 1; bridge >= 0; bridge--) {
                goldens.goes(bridge(round, bridge), random);
                if (together && bridge > 0) continue;
                assertThat(goldens.live())
                        .as("without bridge %d in round %d", bridge, round)
                        .isEqualTo(before.get(bridge));
                assertThat(picture.resolve().plan().revisions()).as("again").isEmpty();
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName(
            "ID-4: what a steward splits never joins again and what a steward joins stays, whatever later rules match, and "
                    + "whoever comes, goes and comes back; the larger part keeps the id, of equals the one with the oldest record")
    void aSplitOutlivesEveryRun(long seed) {
        var random = new Random(seed);
        int size = 2 + random.nextInt(7);
        var records = new ArrayList<String>();
        while (records.size() < size) records.add((random.nextBoolean() ? "crm:" : "erp:") + records.size());
        var picture = new Picture("G1: " + String.join(" ", records));
        matchAll(picture, records);
        assertThat(picture.resolve().live().keySet()).containsExactly("G1");

        var left = new ArrayList<String>();
        var right = new ArrayList<String>();
        for (var record : records) (random.nextBoolean() ? left : right).add(record);
        if (left.isEmpty()) left.add(right.remove(0));
        if (right.isEmpty()) right.add(left.remove(left.size() - 1));
        for (var a : left) for (var b : right) picture.stewardSaysDifferent(a, b);
        var split = picture.resolve().live();
        boolean leftStays = left.size() > right.size() || left.size() == right.size() && left.contains(records.get(0));
        assertThat(split)
                .isEqualTo(Map.of(
                        "G1",
                        new TreeSet<>(leftStays ? left : right),
                        "new1",
                        new TreeSet<>(leftStays ? right : left)));

        var told = new ArrayList<List<String>>(); // to be the same, within a part
        var gone = new TreeSet<String>();
        for (int run = 0; run < 12; run++) {
            switch (random.nextInt(5)) {
                case 0 -> { // another version of the rules
                    for (var a : records) for (var b : records) picture.forgetRule(a, b);
                    for (var a : records) {
                        for (var b : records)
                            if (a.compareTo(b) < 0 && random.nextBoolean()) picture.matchesSurely(a, b);
                    }
                    picture.strangers(random.nextInt(20) - 6);
                }
                case 1 -> { // somebody who matches everybody
                    var bridge = "web:" + run;
                    picture.record(bridge);
                    for (var record : records) picture.matchesSurely(bridge, record);
                    records.add(bridge);
                }
                case 2 -> {
                    var record = records.get(random.nextInt(records.size()));
                    picture.deleted(record);
                    gone.add(record);
                }
                case 3 -> {
                    gone.forEach(picture::record);
                    gone.clear();
                }
                default -> {
                    var part = random.nextBoolean() ? left : right;
                    var two = List.of(part.get(random.nextInt(part.size())), part.get(random.nextInt(part.size())));
                    if (two.get(0).equals(two.get(1))) continue;
                    picture.stewardSaysSame(two.get(0), two.get(1));
                    told.add(two);
                }
            }
            var live = picture.resolve().live();
            assertThat(live.values())
                    .as("run %d", run)
                    .noneMatch(golden -> left.stream().anyMatch(golden::contains)
                            && right.stream().anyMatch(golden::contains));
            for (var two : told) {
                if (gone.contains(two.get(0)) || gone.contains(two.get(1))) continue;
                assertThat(live.values()).as("run %d", run).anyMatch(golden -> golden.containsAll(two));
            }
            assertThat(picture.resolve().plan().revisions())
                    .as("again, after run %d", run)
                    .isEmpty();
        }
    }

    private static void matchAll(Picture picture, List<String> records) {
        for (var a : records) for (var b : records) if (a.compareTo(b) < 0) picture.matchesSurely(a, b);
    }

    /** Two of them or more. */
    private static Set<String> some(Set<String> of, Random random) {
        var all = new ArrayList<>(of);
        Collections.shuffle(all, random);
        return new TreeSet<>(all.subList(0, 2 + random.nextInt(all.size() - 1)));
    }
}
