package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.RecordId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What users merge comes as a merge where that is declared, and never as something cleverer than it is. */
@Tag("merge")
abstract class MergeFeedContract extends Contract {
    private final Replica replica = new Replica();
    private String winner;
    private String loser;
    private Checkpoint position;

    @BeforeEach
    void twoRecords() throws Exception {
        needs(Feed.INCREMENTAL);
        winner = subject.create(texts("winner", null));
        loser = subject.create(texts("loser", "b"));
        subject.settle();
        position = replica.catchUp(connector, everything(), changes().start(everything(), StartAt.EARLIEST), 100);
    }

    private List<Change.Merged> merges() {
        return replica.applied().stream()
                .filter(Change.Merged.class::isInstance)
                .map(Change.Merged.class::cast)
                .toList();
    }

    @Test
    void aUsersMergeComesWithSurvivorAndLosersAndLeavesOneRecord() throws Exception {
        needs(Feed.MERGES);
        String survivor = subject.merge(winner, loser)
                .orElseThrow(() -> new AssertionError("declares MERGES, but the subject shows no merge of a user"));
        subject.settle();
        restart();
        replica.catchUp(connector, everything(), position, 1);
        assertThat(replica.records()).containsOnlyKeys(survivor);
        assertThat(textsOf(replica.records().get(survivor))).isEqualTo(seen(survivor));
        assertThat(merges()).hasSize(1);
        Change.Merged merged = merges().get(0);
        assertThat(merged.id().id()).isEqualTo(survivor);
        assertThat(merged.losers()).extracting(RecordId::id).contains(loser).doesNotContain(survivor);
        assertThat(merged.evidence()).isIn("POINTER", "FEED", "ALIAS_PROBE");
        assertThat(replica.applied()).as("a merge is not also a delete").noneMatch(Change.Deleted.class::isInstance);
    }

    @Test
    void aMergeIsNotToldUnlessDeclared() throws Exception {
        onlyIf(!can().feeds().contains(Feed.MERGES), "declares MERGES");
        shownOnlyIf(subject.merge(winner, loser).isPresent(), "users cannot merge in the subject");
        subject.settle();
        replica.catchUp(connector, everything(), position, 100);
        assertThat(merges()).isEmpty();
    }
}
