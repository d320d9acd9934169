package io.kintsugi.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.cluster.GoldenIds.Former;
import io.kintsugi.core.cluster.GoldenIds.Seat;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which golden id each part bears. In the pictures a record is {@code crm:1}, and {@code G1} is older than {@code G2}. */
class GoldenIdsTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private final AtomicInteger fresh = new AtomicInteger();

    private static RecordKey key(String text) {
        var parts = text.split(":");
        return new RecordKey(parts[0], "contact", parts[1]);
    }

    private static SortedSet<RecordKey> cluster(String... records) {
        var cluster = new TreeSet<RecordKey>();
        for (var record : records) cluster.add(key(record));
        return cluster;
    }

    private static Map<RecordKey, Seat> seats(String... recordsAndGoldens) {
        var seats = new HashMap<RecordKey, Seat>();
        for (var line : recordsAndGoldens) {
            var parts = line.split("=>");
            for (var record : parts[0].strip().split(" ")) {
                seats.put(key(record), new Seat(parts[1].strip(), T0.plusSeconds(seats.size())));
            }
        }
        return seats;
    }

    private static Map<String, Instant> created(String... ids) {
        var created = new HashMap<String, Instant>();
        for (var id : ids) created.put(id, T0.plusSeconds(created.size()));
        return created;
    }

    private GoldenIds.Assignment assign(
            List<SortedSet<RecordKey>> clusters,
            Map<RecordKey, Seat> seats,
            Map<String, Instant> created,
            List<Former> formers,
            Set<String> chosen) {
        return GoldenIds.assign(clusters, seats, created, formers, chosen, () -> "new" + fresh.incrementAndGet());
    }

    @Test
    void joiningKeepsTheId() {
        var result =
                assign(List.of(cluster("crm:1", "erp:7")), seats("crm:1 => G1"), created("G1"), List.of(), Set.of());
        assertThat(result.ids()).containsExactly("G1");
        assertThat(result.retired()).isEmpty();
    }

    @Test
    void theOlderIdSurvivesAMergeByRule() {
        var result = assign(
                List.of(cluster("crm:1", "erp:7", "erp:8")),
                seats("crm:1 => G1", "erp:7 erp:8 => G2"),
                created("G1", "G2"),
                List.of(),
                Set.of());
        assertThat(result.ids()).containsExactly("G1");
        assertThat(result.retired()).isEqualTo(Map.of("G2", "G1"));
    }

    @Test
    void theStewardsChoiceBeatsAge() {
        var result = assign(
                List.of(cluster("crm:1", "erp:7")),
                seats("crm:1 => G1", "erp:7 => G2"),
                created("G1", "G2"),
                List.of(),
                Set.of("G2"));
        assertThat(result.ids()).containsExactly("G2");
    }

    @Test
    void theLargerPartKeepsTheIdOfASplit() {
        var result = assign(
                List.of(cluster("crm:1"), cluster("erp:7", "web:3")),
                seats("crm:1 erp:7 web:3 => G1"),
                created("G1"),
                List.of(),
                Set.of());
        assertThat(result.ids()).containsExactly("new1", "G1");
    }

    @Test
    void thePartWithTheOldestMembershipKeepsTheIdOfAnEvenSplit() {
        var result = assign(
                List.of(cluster("crm:1"), cluster("erp:7")),
                seats("erp:7 crm:1 => G1"),
                created("G1"),
                List.of(),
                Set.of());
        assertThat(result.ids()).containsExactly("new1", "G1");
    }

    @Test
    void aPartTakesBackTheIdItHadBeforeTheMerge() {
        var result = assign(
                List.of(cluster("crm:1"), cluster("erp:7")),
                seats("crm:1 erp:7 => G1"),
                created("G1"),
                List.of(new Former("G2", cluster("erp:7"))),
                Set.of());
        assertThat(result.ids()).containsExactly("G1", "G2");
        assertThat(result.revived()).containsExactly("G2");
    }

    @Test
    @DisplayName("ID-3: the part that was there before a merge keeps the id, however many records came with the merge")
    void theRecordsThatWereThereFirstKeepTheIdOverLaterComers() {
        var result = assign(
                List.of(cluster("crm:1"), cluster("erp:7", "web:3")),
                seats("crm:1 erp:7 web:3 => G1"),
                created("G1"),
                List.of(new Former("G2", cluster("erp:7", "web:3"))),
                Set.of());
        assertThat(result.ids()).containsExactly("G1", "G2");
        assertThat(result.created()).isEmpty();
    }

    @Test
    @DisplayName("ID-3: a former id goes to the largest part of the records it gave away")
    void aFormerIdGoesToItsLargestPart() {
        var result = assign(
                List.of(cluster("crm:1", "crm:2", "crm:3"), cluster("erp:1"), cluster("erp:2", "erp:3")),
                seats("crm:1 crm:2 crm:3 erp:1 erp:2 erp:3 => G1"),
                created("G1"),
                List.of(new Former("G2", cluster("erp:1", "erp:2", "erp:3"))),
                Set.of());
        assertThat(result.ids()).containsExactly("G1", "new1", "G2");
    }

    @Test
    @DisplayName("ID-3: after chained merges each part takes the id it had itself, not the one that carried it last")
    void chainedMergesComeApartUnderTheirOwnIds() {
        // G3{c} went into G2{b}, then both into G1{a}
        var formers = List.of(new Former("G2", cluster("erp:b", "web:c")), new Former("G3", cluster("web:c")));
        var seats = seats("crm:a erp:b web:c => G1");
        assertThat(assign(
                                List.of(cluster("crm:a"), cluster("erp:b"), cluster("web:c")),
                                seats,
                                created("G1"),
                                formers,
                                Set.of())
                        .ids())
                .containsExactly("G1", "G2", "G3");
        assertThat(assign(List.of(cluster("crm:a"), cluster("erp:b", "web:c")), seats, created("G1"), formers, Set.of())
                        .ids())
                .containsExactly("G1", "G2");
        assertThat(assign(List.of(cluster("crm:a", "erp:b"), cluster("web:c")), seats, created("G1"), formers, Set.of())
                        .ids())
                .containsExactly("G1", "G3");
    }

    @Test
    void ofTwoFormersThatFitAlikeTheOneOfTheNewerMergeComesBack() {
        var result = assign(
                List.of(cluster("crm:1"), cluster("erp:7")),
                seats("crm:1 erp:7 => G1"),
                created("G1"),
                List.of(new Former("G3", cluster("erp:7")), new Former("G2", cluster("erp:7"))),
                Set.of());
        assertThat(result.ids()).containsExactly("G1", "G3");
    }

    @Test
    void aFormerIdThatIsInUseIsNotGivenAgain() {
        var result = assign(
                List.of(cluster("crm:1"), cluster("erp:7")),
                seats("crm:1 => G2"),
                created("G2"),
                List.of(new Former("G2", cluster("erp:7"))),
                Set.of());
        assertThat(result.ids()).containsExactly("G2", "new1");
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noIdIsGivenTwiceAndNoIdIsLost(long seed) {
        var random = new Random(seed);
        var records = new ArrayList<String>();
        var seats = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            records.add("s" + random.nextInt(3) + ":" + i);
            if (random.nextInt(4) > 0) seats.add(records.get(i) + " => G" + random.nextInt(4));
        }
        var clusters = new ArrayList<SortedSet<RecordKey>>();
        for (int i = 0; i < 5; i++) clusters.add(new TreeSet<>());
        records.forEach(record -> clusters.get(random.nextInt(5)).add(key(record)));
        clusters.removeIf(Set::isEmpty);
        var before = seats(seats.toArray(String[]::new));
        var result = assign(
                clusters,
                before,
                created("G0", "G1", "G2", "G3"),
                List.of(new Former("G9", cluster(records.get(0), records.get(1)))),
                Set.of());
        assertThat(new HashSet<>(result.ids())).hasSize(clusters.size());
        for (var seat : before.values()) {
            assertThat(result.ids().contains(seat.goldenId())
                            || result.retired().containsKey(seat.goldenId()))
                    .as("%s of %s", seat.goldenId(), Arrays.toString(seats.toArray()))
                    .isTrue();
        }
    }
}
