package io.kintsugi.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.RecordKey;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ClusterShapeTest {
    @Test
    void theRecordThatHoldsTwoPartsTogetherIsABridge() {
        var shape = shape("a-b b-c a-c c-d d-e c-e");
        assertThat(shape.records()).isEqualTo(5);
        assertThat(shape.links()).isEqualTo(6);
        assertThat(shape.bridges()).containsExactly(key("c"));
    }

    @Test
    void whereEverybodyKnowsTwoOthersNobodyIsABridge() {
        assertThat(shape("a-b b-c c-d d-a").bridges()).isEmpty();
    }

    @Test
    void aPairAndARecordAloneHaveNoBridge() {
        assertThat(shape("a-b").bridges()).isEmpty();
        assertThat(ClusterShape.of(new TreeSet<>(List.of(key("a"))), List.of()).bridges())
                .isEmpty();
    }

    @Test
    void linksThatLeadElsewhereOrRepeatDoNotCount() {
        var cluster = new TreeSet<>(List.of(key("a"), key("b")));
        var links = List.of(pair("a-b"), pair("b-a"), pair("a-z"), pair("a-a"));
        assertThat(ClusterShape.of(cluster, links).links()).isEqualTo(1);
    }

    private static ClusterShape shape(String picture) {
        var cluster = new TreeSet<RecordKey>();
        var links =
                Arrays.stream(picture.split(" ")).map(ClusterShapeTest::pair).toList();
        links.forEach(link -> {
            cluster.add(link.a());
            cluster.add(link.b());
        });
        return ClusterShape.of(cluster, links);
    }

    private static ClusterShape.Pair pair(String text) {
        var ends = text.split("-");
        return new ClusterShape.Pair(key(ends[0]), key(ends[1]));
    }

    private static RecordKey key(String id) {
        return new RecordKey("crm", "contact", id);
    }
}
