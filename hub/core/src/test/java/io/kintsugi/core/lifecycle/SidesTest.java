package io.kintsugi.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.lifecycle.Sides.Bond;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whose the records of a merge are that is taken apart. Golden {@code A} has the record {@code crm:contact:a}, and so on. */
class SidesTest {
    private static final MergeEvent B_INTO_A = merge(1, Origin.STEWARD, "A", "b from B");

    private static RecordKey key(String id) {
        return new RecordKey("crm", "contact", id);
    }

    private static MergeEvent merge(int at, Origin origin, String survivor, String... moves) {
        var moved = Arrays.stream(moves)
                .map(move -> move.split(" from "))
                .map(move -> new MergeEvent.Move(key(move[0]), move[1]))
                .toList();
        var absorbed = new TreeSet<String>();
        moved.forEach(move -> absorbed.add(move.from()));
        return new MergeEvent(
                "m" + at,
                "contact",
                survivor,
                List.copyOf(absorbed),
                moved,
                List.of(),
                origin,
                "sam",
                null,
                Instant.ofEpochSecond(at),
                null,
                null,
                null);
    }

    private static Bond bond(String a, String b, double bits) {
        return new Bond(key(a), key(b), bits);
    }

    /** @param then who was in each golden at any time, like {@code A: a} */
    private static Sides sides(
            MergeEvent event, List<MergeEvent> later, String there, Map<String, String> then, Bond... bonds) {
        return sides(event, later, there, then, List.of(bonds));
    }

    private static Sides sides(
            MergeEvent event, List<MergeEvent> later, String there, Map<String, String> then, Collection<Bond> bonds) {
        return Sides.of(event, later, keys(there), (golden, at) -> keys(then.getOrDefault(golden, "")), bonds);
    }

    private static TreeSet<RecordKey> keys(String ids) {
        var keys = new TreeSet<RecordKey>();
        for (var id : ids.split(" ")) if (!id.isEmpty()) keys.add(key(id));
        return keys;
    }

    private static String of(Sides sides, String id) {
        return sides.of().get(key(id));
    }

    @Test
    @DisplayName(
            "MRG-8: what a later merge of a steward brought stays with the survivor, and no verdict is spoken on it")
    void whatWasBroughtLater() {
        var absorbs = merge(2, Origin.STEWARD, "A", "c from C");
        var sides = sides(B_INTO_A, List.of(absorbs), "a b c", Map.of("A", "a"));
        assertThat(of(sides, "b")).isEqualTo("B");
        assertThat(of(sides, "c")).isEqualTo("A");
        assertThat(sides.own()).isEqualTo(Map.of("A", keys("a"), "B", keys("b")));

        var absorbed = merge(2, Origin.STEWARD, "C", "a from A", "b from A");
        sides = sides(B_INTO_A, List.of(absorbed), "a b c", Map.of("A", "a", "C", "c"));
        assertThat(of(sides, "c")).isEqualTo("A");
        assertThat(of(sides, "b")).isEqualTo("B");
    }

    @Test
    @DisplayName(
            "MRG-8: what rules or systems merged later goes with the side that it fits, or that it was merged with")
    void whatFits() {
        var rule = merge(2, Origin.RULE, "A", "c from C");
        var sides = sides(B_INTO_A, List.of(rule), "a b c", Map.of("A", "a"), bond("a", "c", 3), bond("b", "c", 5));
        assertThat(of(sides, "c")).isEqualTo("B");
        assertThat(sides.ofLater()).isEqualTo(Map.of("m2", "B"));
        var system = merge(2, Origin.SOURCE, "C", "a from A", "b from A");
        sides = sides(
                B_INTO_A,
                List.of(system),
                "a b c",
                Map.of("A", "a", "C", "c"),
                bond("a", "c", 9),
                bond("b", "c", Bond.MADE));
        assertThat(of(sides, "c")).isEqualTo("B");
    }

    @Test
    @DisplayName("MRG-8: a record that came by itself goes with what it fits best, and else with the survivor")
    void arrivals() {
        var sides = sides(B_INTO_A, List.of(), "a b x y z", Map.of("A", "a"), bond("b", "x", 4), bond("x", "y", 2));
        assertThat(of(sides, "x")).isEqualTo("B");
        assertThat(of(sides, "y")).isEqualTo("B");
        assertThat(of(sides, "z")).isEqualTo("A");
        assertThat(sides.own().get("B")).containsExactly(key("b"));
    }

    @Test
    @DisplayName("MRG-8: what a steward merged later stays with the survivor, whatever it fits")
    void aStewardsWordBeforeAFit() {
        var absorbs = merge(2, Origin.STEWARD, "A", "c from C");
        var sides = sides(B_INTO_A, List.of(absorbs), "a b c", Map.of("A", "a"), bond("b", "c", 9));
        assertThat(of(sides, "c")).isEqualTo("A");
        assertThat(sides.ofLater()).isEqualTo(Map.of("m2", "A"));
    }

    @Test
    @DisplayName("MRG-8: what was made of a record of one side is that side's own, and one that only fits is not")
    void whatWasMadeOfIt() {
        var sides =
                sides(B_INTO_A, List.of(), "a b x y", Map.of("A", "a"), bond("b", "x", Bond.MADE), bond("b", "y", 9));
        assertThat(of(sides, "y")).isEqualTo("B");
        assertThat(sides.own().get("B")).isEqualTo(keys("b x"));
    }

    @Test
    @DisplayName("MRG-8: what is in the place of a record goes with it, whichever member it was created for")
    void inItsPlace() {
        var sides = sides(
                B_INTO_A,
                List.of(),
                "a b x y",
                Map.of("A", "a"),
                bond("a", "x", Bond.ADDED),
                bond("b", "x", Bond.MADE),
                bond("a", "y", Bond.ADDED));
        assertThat(sides.own()).isEqualTo(Map.of("A", keys("a y"), "B", keys("b x")));
    }

    @Test
    @DisplayName("MRG-8: a record that left and was brought again by a later merge is of that merge")
    void broughtAgain() {
        var event = merge(1, Origin.STEWARD, "A", "b from B", "d from B"); // B had D in it then, which parted since
        var again = merge(3, Origin.STEWARD, "A", "d from D");
        var sides = sides(event, List.of(again), "a b d", Map.of("A", "a"));
        assertThat(of(sides, "d")).isEqualTo("A");
        assertThat(sides.cameBy()).containsEntry(key("d"), "m3");
    }

    @Test
    @DisplayName("MRG-8, ID-2: every record is of a side, whatever the order of what is known")
    void theOrderNeverShows() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var there = "a b c d e f g h";
            var rule = merge(2, random.nextBoolean() ? Origin.RULE : Origin.STEWARD, "A", "c from C", "d from C");
            var then = Map.of("A", "a e");
            var bonds = new ArrayList<Bond>();
            for (int i = random.nextInt(10); i > 0; i--) {
                var ends = there.split(" ");
                var bits = random.nextInt(5) == 0 ? Bond.MADE : random.nextInt(4);
                bonds.add(bond(ends[random.nextInt(8)], ends[random.nextInt(8)], bits));
            }
            var sides = sides(B_INTO_A, List.of(rule), there, then, bonds);
            Collections.shuffle(bonds, random);
            assertThat(sides(B_INTO_A, List.of(rule), there, then, bonds)).isEqualTo(sides);
            assertThat(sides.of().keySet()).isEqualTo(keys(there));
            assertThat(new HashSet<>(sides.of().values())).isSubsetOf(Set.of("A", "B"));
            assertThat(of(sides, "c")).isEqualTo(of(sides, "d"));
        }
    }
}
