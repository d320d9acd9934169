package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.at;
import static io.kintsugi.core.store.Samples.deletion;
import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.record;
import static io.kintsugi.core.store.Samples.sorted;
import static io.kintsugi.core.store.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.Deletion.Evidence;
import io.kintsugi.core.model.Deletion.Means;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Deletions.Filter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Deletions} promises. */
public abstract class DeletionsContract extends HubStoreContract {
    private static final RecordKey CRM = key("crm", "1");
    private static final RecordKey ERP = key("erp", "1");
    private static final RecordKey WEB = key("web", "1");

    @BeforeEach
    void threeRecords() {
        write(tx -> tx.records().save(List.of(record(CRM), record(ERP), record(WEB))));
    }

    private void save(Deletion... deletions) {
        write(tx -> tx.deletions().save(List.of(deletions)));
    }

    private static List<String> ids(List<Deletion> deletions) {
        return deletions.stream().map(Deletion::id).toList();
    }

    @Test
    void aDeletionComesBackAsItWasSaved() {
        var whole = new Deletion(
                "d1",
                CRM,
                "contact",
                "g1",
                Evidence.ABSENT,
                DeletionState.OPEN,
                List.of(
                        new Step("erp", ERP, Action.PROPAGATE, StepState.SENT, "me 🏺", null, at(5), at(4))
                                .by(Means.INACTIVATE),
                        new Step("web", null, Action.RECREATE, StepState.RESTORING, null, "why \"so\"", at(6), at(3)),
                        new Step("web", WEB, Action.SEVER, StepState.DONE, null, null, null, at(2))),
                at(1),
                7,
                at(9),
                "authority 12, match 3, deletes 1");
        var bare = Deletion.asked("g9", "contact", at(2));
        save(whole, bare);
        assertThat(reads.deletions().find(List.of("d1", bare.id(), "none")).values())
                .containsExactlyInAnyOrder(whole, bare);
        assertThat(writes.deletions().lock(sorted("d1", "none")).values()).containsExactly(whole);
        var fewer = whole.withSteps("g2", List.of(step("erp", ERP, StepState.DONE, 5)), at(10));
        save(fewer);
        assertThat(reads.deletions().find(List.of("d1")).values()).containsExactly(fewer);
        assertThat(reads.deletions().ofGolden("g2")).containsExactly(fewer);
        assertThat(reads.deletions().ofGolden("g1")).isEmpty();
    }

    @Test
    void openOnesAreFoundByTheRecordThatIsGoneAndByThoseTheyReach() {
        save(
                deletion("seen", CRM, 1).withSteps("g1", List.of(step("erp", ERP, StepState.WAITING, 5)), at(2)),
                Deletion.seen(WEB, Evidence.FEED, at(3)),
                deletion("over", CRM, 2).withSteps("g1", List.of(step("web", WEB, StepState.DONE, 5)), at(2)));
        assertThat(ids(reads.deletions().openOf(List.of(CRM, ERP)))).containsExactly("seen");
        assertThat(ids(reads.deletions().openOf(List.of(ERP)))).containsExactly("seen");
        assertThat(reads.deletions().openOf(List.of(WEB))).hasSize(1);
        assertThat(reads.deletions().openOf(List.of())).isEmpty();
        assertThat(ids(reads.deletions().openOfGoldens(List.of("g1", "g1", "none"))))
                .containsExactly("seen");
        assertThat(reads.deletions().openOfGoldens(List.of("g2"))).isEmpty();
        save(deletion("seen", CRM, 1).withSteps("g1", List.of(step("web", WEB, StepState.WAITING, 5)), at(2)));
        assertThat(reads.deletions().openOf(List.of(ERP))).isEmpty();
    }

    @Test
    void whatIsDueIsTheEarliestFirst() {
        save(
                deletion("b", CRM, 1).withSteps("g1", List.of(step("erp", ERP, StepState.WAITING, 5)), at(2)),
                deletion("a", CRM, 2)
                        .withSteps(
                                "g1",
                                List.of(step("erp", ERP, StepState.SENT, 9), step("web", WEB, StepState.RESTORING, 4)),
                                at(2)),
                deletion("c", CRM, 3).withSteps("g1", List.of(step("erp", ERP, StepState.ASKED, 0)), at(2)));
        assertThat(reads.deletions().due(at(3), 10)).isEmpty();
        assertThat(reads.deletions().due(at(4), 10)).containsExactly("a");
        assertThat(reads.deletions().due(at(50), 10)).containsExactly("a", "b");
        assertThat(reads.deletions().due(at(50), 1)).containsExactly("a");
    }

    @Test
    void aBrakeCountsWhatWaitsAndWhatWasSent() {
        save(
                deletion("a", CRM, 1).withSteps("g1", List.of(step("erp", ERP, StepState.WAITING, 5)), at(2)),
                deletion("b", CRM, 2).withSteps("g1", List.of(step("erp", ERP, StepState.HELD, 0)), at(2)),
                deletion("c", CRM, 3).withSteps("g1", List.of(step("erp", ERP, StepState.SENT, 9)), at(2)),
                deletion("d", CRM, 4)
                        .withSteps(
                                "g1",
                                List.of(step("erp", ERP, StepState.ASKED, 0).approved("me", at(8))),
                                at(2)),
                deletion("e", CRM, 5)
                        .withSteps(
                                "g1",
                                List.of(new Step("erp", ERP, Action.SEVER, StepState.DONE, null, null, null, at(9))),
                                at(2)));
        assertThat(reads.deletions().waiting("erp", "contact", at(4))).isEqualTo(1);
        assertThat(reads.deletions().waiting("erp", "contact", at(5))).isEqualTo(2);
        assertThat(reads.deletions().waiting("erp", "company", at(5))).isZero();
        assertThat(reads.deletions().waiting("web", "contact", at(5))).isZero();
        assertThat(reads.deletions().sent("erp", "contact", at(0))).isEqualTo(1);
        assertThat(reads.deletions().sent("erp", "contact", at(10))).isZero();
    }

    @Test
    void aListHasPagesFiltersAndTwoOrders() {
        var all = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            var state = i % 2 == 0 ? StepState.HELD : StepState.DONE;
            save(deletion("d" + i, CRM, i / 2).withSteps("g" + i, List.of(step("erp", ERP, state, 0)), at(20)));
            all.add("d" + i);
        }
        Pager<Deletion> oldest = (tx, cursor, limit) -> tx.deletions().listOldestFirst(Filter.ALL, cursor, limit);
        assertThat(ids(pages(oldest, 2))).isEqualTo(all);
        Pager<Deletion> newest = (tx, cursor, limit) -> tx.deletions().list(Filter.ALL, cursor, limit);
        assertThat(ids(pages(newest, 3)))
                .isEqualTo(all.stream().sorted((a, b) -> b.compareTo(a)).toList());
        assertThat(shown(new Filter(null, null, "erp", null, StepState.HELD))).hasSize(4);
        assertThat(shown(new Filter(null, null, "web", null, StepState.HELD))).isEmpty();
        assertThat(shown(new Filter("contact", "crm", null, DeletionState.SETTLED, null)))
                .hasSize(3);
        assertThat(shown(new Filter("company", null, null, null, null))).isEmpty();
        assertThat(shown(new Filter(null, "web", null, null, null))).isEmpty();
    }

    private List<Deletion> shown(Filter filter) {
        return reads.deletions().list(filter, null, 100).items();
    }
}
