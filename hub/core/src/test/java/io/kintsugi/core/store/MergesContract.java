package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.at;
import static io.kintsugi.core.store.Samples.golden;
import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.merge;
import static io.kintsugi.core.store.Samples.record;
import static io.kintsugi.core.store.Samples.retired;
import static io.kintsugi.core.store.Samples.undone;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.MergeEvent.Move;
import io.kintsugi.core.model.MergeEvent.Pair;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Merges.Former;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What {@link Merges} promises. */
public abstract class MergesContract extends HubStoreContract {
    private static final RecordKey A = key("crm", "a");
    private static final RecordKey B = key("erp", "b");
    private static final RecordKey C = key("web", "c");

    @BeforeEach
    void goldensAndRecords() {
        write(tx -> {
            tx.records().save(List.of(record(A), record(B), record(C)));
            tx.goldens().save(List.of(golden("g1"), golden("g2"), golden("g3"), golden("g4")), List.of());
        });
    }

    @Test
    void anEventComesBackAsItWasSaved() {
        var whole = new MergeEvent(
                "m1",
                "contact",
                "g1",
                List.of("g3", "g2"),
                List.of(new Move(B, "g3"), new Move(A, "g2")),
                List.of(new Pair(B, C), new Pair(A, C)),
                Origin.STEWARD,
                "ada",
                "same \"person\" 🏺",
                at(0),
                at(9),
                "bob",
                "authority 12, match 3, deletes 1");
        save(whole);
        assertThat(reads.merges().find("m1")).contains(whole);
        var bare = new MergeEvent(
                "m2",
                "contact",
                "g1",
                List.of("g4"),
                List.of(),
                List.of(),
                Origin.RULE,
                "v1",
                null,
                at(0),
                null,
                null,
                null);
        save(bare);
        assertThat(reads.merges().find("m2")).contains(bare);
        assertThat(reads.merges().find("none")).isEmpty();
    }

    @Test
    void manyEventsAreSavedAtOnceAndNoneIsNothing() {
        var first = merge("m1", 1, "g1", "g2", A, B);
        var second = merge("m2", 2, "g3", "g4", B);
        save(first, second);
        save();
        assertThat(reads.merges().find("m1")).contains(first);
        assertThat(reads.merges().find("m2")).contains(second);
    }

    @Test
    void savingAgainReplacesEverything() {
        var event = merge("m1", 0, "g1", "g2", A);
        save(event);
        save(undone(event));
        assertThat(reads.merges().find("m1")).contains(undone(event));
        assertThat(reads.merges().ofGolden("g1")).containsExactly(undone(event));
    }

    @Test
    @DisplayName("MRG-10: the way of a record through the merges that stand is one question")
    void theWayOfARecordIsTheStandingMergesThatMovedItOldestFirst() {
        save(merge("m2", 2, "g3", "g1", A), merge("m1", 1, "g1", "g2", A, B), undone(merge("m3", 3, "g4", "g3", A)));
        assertThat(reads.merges().thatMoved(A)).extracting(MergeEvent::id).containsExactly("m1", "m2");
        assertThat(reads.merges().thatMoved(B)).containsExactly(merge("m1", 1, "g1", "g2", A, B));
        assertThat(reads.merges().thatMoved(C)).isEmpty();
    }

    @Test
    @DisplayName("MRG-10: the lineage of a golden holds the merges of what it absorbed, and no undone one")
    void theLineageOfAGoldenHoldsTheMergesOfWhatItAbsorbed() {
        save(merge("m1", 1, "g2", "g1", A), merge("m2", 2, "g3", "g2", A, B), undone(merge("m3", 3, "g3", "g4", C)));
        assertThat(reads.merges().lineage("g3")).extracting(MergeEvent::id).containsExactly("m2", "m1");
        assertThat(reads.merges().lineage("g2")).containsExactly(merge("m1", 1, "g2", "g1", A));
        assertThat(reads.merges().lineage("g1")).isEmpty();
        assertThat(reads.merges().lineage("none")).isEmpty();
    }

    @Test
    void eventsOfAGoldenAreThoseItSurvivedOrWasAbsorbedInNewestFirst() {
        save(merge("m1", 1, "g1", "g2", A), merge("m3", 3, "g3", "g1", A), merge("m2", 2, "g1", "g4", B));
        save(merge("m9", 9, "g3", "g4"), merge("m4", 3, "g3", "g1", A));
        assertThat(ofGolden("g1")).containsExactly("m4", "m3", "m2", "m1");
        assertThat(ofGolden("g2")).containsExactly("m1");
        assertThat(ofGolden("none")).isEmpty();
    }

    @Test
    void aRetiredGoldenIsFoundByTheRecordsItGaveAway() {
        retire("g2", "g1");
        save(merge("m1", 5, "g1", "g2", A, B));
        assertThat(former(A)).containsExactly(new Former("g2", Set.of(A, B), at(5)));
        assertThat(former(A, B, A)).containsExactly(new Former("g2", Set.of(A, B), at(5)));
        assertThat(former(C, key("crm", "none"))).isEmpty();
        assertThat(former()).isEmpty();
    }

    @Test
    void goldensInUseAreNotFormerOnes() {
        save(merge("m1", 5, "g1", "g2", A));
        assertThat(former(A)).isEmpty();
    }

    @Test
    void undoneMergesCountToo() {
        retire("g2", "g1");
        save(undone(merge("m1", 1, "g3", "g2", A, C)), merge("m2", 2, "g1", "g2", A));
        assertThat(former(C)).containsExactly(new Former("g2", Set.of(A, C), at(2)));
    }

    @Test
    void formerGoldensComeNewestMergeFirst() {
        retire("g2", "g1");
        retire("g3", "g1");
        retire("g4", "g1");
        save(merge("m1", 1, "g1", "g2", A), merge("m2", 9, "g1", "g3", A, B), merge("m3", 5, "g1", "g4", B));
        assertThat(former(A, B)).extracting(Former::goldenId).containsExactly("g3", "g4", "g2");
        assertThat(former(A)).extracting(Former::goldenId).containsExactly("g3", "g2");
    }

    @Test
    void onlyTheGoldenThatGaveARecordAwayIsItsFormerOne() {
        retire("g2", "g1");
        retire("g3", "g1");
        save(new MergeEvent(
                "m1",
                "contact",
                "g1",
                List.of("g2", "g3"),
                List.of(new Move(A, "g2"), new Move(B, "g3")),
                List.of(),
                Origin.RULE,
                "v1",
                null,
                at(1),
                null,
                null,
                null));
        assertThat(former(A)).containsExactly(new Former("g2", Set.of(A), at(1)));
        assertThat(former(B)).containsExactly(new Former("g3", Set.of(B), at(1)));
    }

    @Test
    void pagesComeNewestFirstAndStayRightWhileMergesHappen() {
        var before = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            save(merge("m" + i, i / 2, "g1", "g2"));
            before.add(0, "m" + i);
        }
        var n = new int[] {0};
        assertThat(pages(
                        (tx, cursor, limit) -> tx.merges().list(cursor, limit),
                        2,
                        () -> save(merge("x" + n[0], 100 + n[0]++, "g1", "g3"))))
                .extracting(MergeEvent::id)
                .containsExactlyElementsOf(before);
        Collections.reverse(before);
        for (int i = 0; i < n[0]; i++) before.add("x" + i);
        assertThat(pages((tx, cursor, limit) -> tx.merges().listOldestFirst(cursor, limit), 2))
                .extracting(MergeEvent::id)
                .containsExactlyElementsOf(before);
    }

    private void retire(String id, String into) {
        writes.goldens().save(List.of(retired(id, into)), List.of());
    }

    private void save(MergeEvent... events) {
        write(tx -> tx.merges().save(List.of(events)));
    }

    private List<String> ofGolden(String id) {
        return reads.merges().ofGolden(id).stream().map(MergeEvent::id).toList();
    }

    private List<Former> former(RecordKey... records) {
        return reads.merges().formerGoldens(List.of(records));
    }
}
