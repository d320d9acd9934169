package io.kintsugi.server.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.server.match.Evaluation.Measure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TruthTest {
    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @Test
    void clustersAreRead() throws IOException {
        var judged = judge("id,cluster\n1,A\n2,A\n3,B\n", "1 2", "3");
        assertThat(judged.evaluation().pairs()).isEqualTo(new Measure(1, 1));
        assertThat(judged.unknown()).isEmpty();
        assertThat(judged.unjudged()).isZero();
    }

    @Test
    void columnsAreFoundByNameInAnyOrderAndOthersAreLeftAlone() throws IOException {
        assertThat(judge("\uFEFFNote; Cluster ;ID\nx;A;1\ny;A;2\n", "1 2")
                        .evaluation()
                        .truePairs())
                .isEqualTo(1);
    }

    @Test
    void pairsMeanTheirClosureAndRecordsInNoneAreAlone() throws IOException {
        var truth = read("id1,id2\n1,2\n2,3\n3,2\n4,4\n");
        var judged = truth.judge(new RecordIds(keys("1 2 3", "4", "5 6")), clusters("1 2 3", "4", "5 6"));
        var evaluation = judged.evaluation();
        assertThat(evaluation.records()).isEqualTo(6);
        assertThat(evaluation.truePairs()).isEqualTo(3);
        assertThat(evaluation.foundPairs()).isEqualTo(4);
        assertThat(evaluation.trueClusters()).isEqualTo(4);
        assertThat(truth.remarks())
                .containsExactly(
                        "truth.csv holds 2 pairs, and 3 with those that follow from them (A = B and B = C give A = C); records in"
                                + " no pair are taken for alone",
                        "1 row of truth.csv only repeat what another says",
                        "1 row of truth.csv pair a record with itself");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void allPairsSayTheSameAsClustersInAnyOrder(long seed) throws IOException {
        var random = new Random(seed);
        var truth = new int[40];
        var clusters = new StringBuilder("id,cluster\n");
        var rows = new ArrayList<String>();
        var found = new ArrayList<SortedSet<RecordKey>>();
        for (int i = 0; i < 15; i++) found.add(new TreeSet<>());
        for (int i = 0; i < truth.length; i++) {
            truth[i] = random.nextInt(20);
            clusters.append(i).append(",c").append(truth[i]).append('\n');
            found.get(random.nextInt(15)).add(key("crm", "" + i));
            for (int j = 0; j < i; j++) {
                if (truth[j] == truth[i]) rows.add(random.nextBoolean() ? i + "," + j : j + "," + i);
            }
        }
        found.removeIf(SortedSet::isEmpty);
        Collections.shuffle(rows, random);
        var keys = found.stream().flatMap(SortedSet::stream).toList();
        var byClusters = read(clusters.toString()).judge(new RecordIds(keys), found);
        var byPairs = read("id1,id2\n" + String.join("\n", rows)).judge(new RecordIds(keys), found);
        assertThat(byPairs.evaluation()).isEqualTo(byClusters.evaluation());
        assertThat(byPairs.wrongMerges(100)).isEqualTo(byClusters.wrongMerges(100));
        assertThat(byPairs.splits(100)).isEqualTo(byClusters.splits(100));
    }

    @Test
    void idsThatNoRecordHasCountAsFoundAloneAndRecordsWithoutTruthDoNotCount() throws IOException {
        var judged = judge("id,cluster\n1,A\n2,A\n8,A\n9,B\n", "1 2 3", "4");
        assertThat(judged.unknown()).containsExactly("8", "9");
        assertThat(judged.unjudged()).isEqualTo(2);
        var evaluation = judged.evaluation();
        assertThat(evaluation.records()).isEqualTo(4);
        assertThat(evaluation.foundPairs()).isEqualTo(1);
        assertThat(evaluation.truePairs()).isEqualTo(3);
        assertThat(evaluation.foundClusters()).isEqualTo(3);
    }

    @Test
    void idsOfSeveralSourcesNeedTheirSource() throws IOException {
        var keys = List.of(key("crm", "1"), key("web", "1"), key("web", "2"));
        List<SortedSet<RecordKey>> found = List.of(
                new TreeSet<>(List.of(key("crm", "1"), key("web", "2"))), new TreeSet<>(List.of(key("web", "1"))));
        var ids = new RecordIds(keys);
        assertThat(read("id,cluster,source\n1,A,crm\n1,B,web\n2,A, web \n")
                        .judge(ids, found)
                        .evaluation()
                        .pairs())
                .isEqualTo(new Measure(1, 1));
        assertThat(read("id1,source1,id2,source2\n1,crm,2,web\n")
                        .judge(ids, found)
                        .evaluation()
                        .pairs())
                .isEqualTo(new Measure(1, 1));
        var blind = read("id,cluster\n2,A\n1,A\n");
        assertThatThrownBy(() -> blind.judge(ids, found))
                .isInstanceOf(HubException.class)
                .hasMessage(
                        "truth.csv, line 3: several records have the id 1, of the sources crm, web; say which is meant in a"
                                + " column source");
    }

    @Test
    void aTruthOfOtherRecordsIsRefused() throws IOException {
        var truth = read("id,cluster\nx,A\ny,A\n");
        assertThatThrownBy(() -> truth.judge(new RecordIds(keys("1 2")), clusters("1 2")))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("no id of truth.csv is an id of the records, the first is x")
                .hasMessageContaining("--id-column");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,b#1,2                            | truth.csv, line 1: the columns are a, b; a truth file has either id and cluster, or id1 and id2",
                "id#1                               | truth.csv, line 1: the columns are id; a truth file has",
                "id,cluster,id1,id2#1,2,3,4         | a truth file has either",
                "id,cluster,id#1,2,3                | truth.csv, line 1: columns 1 and 3 are both named id",
                "id1,id2,source1#1,2,crm            | source1 and source2 come together, and one is missing",
                "id,cluster                         | truth.csv has a header and no rows",
                "id,cluster#1,A##2,                 | truth.csv, line 4, column 2 (cluster): empty",
                "cluster,id#A,                      | truth.csv, line 2, column 2 (id): empty",
                "id1,id2#1,2#,2                     | truth.csv, line 3, column 1 (id1): empty",
                "id,cluster#1,A,x                   | truth.csv, line 2: 3 fields, but the header has 2",
                "id,cluster#1                       | truth.csv, line 2: 1 fields, but the header has 2",
                "id,cluster#1,A#1,A#1,B             | truth.csv, line 4, column 2 (cluster): record 1 is in cluster B, but on line 2 it is in another",
            })
    void whatIsNoTruthIsRefusedWithThePlace(String csv, String message) {
        assertThatThrownBy(() -> read(csv.replace('#', '\n')))
                .isInstanceOf(HubException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theWorstMistakesComeFirstWithTheirParts() throws IOException {
        var judged = judge("id,cluster\n1,A\n2,A\n3,B\n4,B\n5,C\n6,C\n7,D\n8,D\n", "1 2 3 4 5", "6", "7", "8");
        assertThat(judged.wrongMerges(5)).containsExactly(new Mistake(List.of(keys("1 2"), keys("3 4"), keys("5")), 8));
        assertThat(judged.splits(5))
                .containsExactly(
                        new Mistake(List.of(keys("5"), keys("6")), 1), new Mistake(List.of(keys("7"), keys("8")), 1));
        assertThat(judged.splits(1)).hasSize(1);
        assertThat(judged.splits(0)).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void mistakesHoldExactlyThePairsThatAreWrongOrMissed(long seed) throws IOException {
        var random = new Random(seed);
        var csv = new StringBuilder("id,cluster\n");
        var found = new ArrayList<SortedSet<RecordKey>>();
        for (int i = 0; i < 10; i++) found.add(new TreeSet<>());
        for (int i = 0; i < 50; i++) {
            csv.append(i).append(',').append(random.nextInt(12)).append('\n');
            found.get(random.nextInt(10)).add(key("crm", "" + i));
        }
        found.removeIf(SortedSet::isEmpty);
        var keys = found.stream().flatMap(SortedSet::stream).toList();
        var judged = read(csv.toString()).judge(new RecordIds(keys), found);
        var evaluation = judged.evaluation();
        assertThat(judged.wrongMerges(99).stream().mapToLong(Mistake::pairs).sum())
                .isEqualTo(evaluation.foundPairs() - evaluation.bothPairs());
        assertThat(judged.splits(99).stream().mapToLong(Mistake::pairs).sum())
                .isEqualTo(evaluation.truePairs() - evaluation.bothPairs());
    }

    private static Judged judge(String csv, String... clusters) throws IOException {
        return read(csv).judge(new RecordIds(keys(clusters)), clusters(clusters));
    }

    private static Truth read(String csv) throws IOException {
        var bytes = new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8));
        try (var rows = new CsvRows(bytes, StandardCharsets.UTF_8)) {
            return Truth.read("truth.csv", rows);
        }
    }

    private static List<SortedSet<RecordKey>> clusters(String... clusters) {
        var all = new ArrayList<SortedSet<RecordKey>>();
        for (var cluster : clusters) all.add(new TreeSet<>(keys(cluster)));
        return all;
    }

    private static List<RecordKey> keys(String... clusters) {
        return List.of(String.join(" ", clusters).split(" ")).stream()
                .map(id -> key("crm", id))
                .toList();
    }

    private static RecordKey key(String system, String id) {
        return new RecordKey(system, "person", id);
    }
}
