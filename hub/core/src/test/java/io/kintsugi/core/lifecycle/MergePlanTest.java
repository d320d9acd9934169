package io.kintsugi.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kintsugi.core.lifecycle.MergePlan.Back;
import io.kintsugi.core.lifecycle.MergePlan.Method;
import io.kintsugi.core.lifecycle.MergePlan.Overwrite;
import io.kintsugi.core.lifecycle.MergePlan.Reversibility;
import io.kintsugi.core.lifecycle.MergePlan.Target;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a merge means for each system, before it is made. */
class MergePlanTest {
    private static final Overwrite SAFE = new Overwrite("city", true, true, false, false);

    private static Target target(String record, int since, boolean written, Overwrite... overwrites) {
        return new Target(RecordKey.parse(record), Instant.ofEpochSecond(since), written, List.of(overwrites));
    }

    @Test
    @DisplayName(
            "MRG-2: of several records of one system the one that was linked first wins, in whatever order they are asked")
    void theOldestLinkWins() {
        var one = target("crm:contact:1", 9, true);
        var two = target("crm:contact:2", 5, true);
        var three = target("crm:contact:3", 5, true);
        var step = MergePlan.of(List.of(one, three, two), List.of(), Map.of(), Set.of())
                .steps()
                .get(0);
        assertThat(step)
                .isEqualTo(MergePlan.of(List.of(two, one, three), List.of(), Map.of(), Set.of())
                        .steps()
                        .get(0));
        assertThat(step.method()).isEqualTo(Method.CONVERGE);
        assertThat(step.winner()).hasToString("crm:contact:2");
        assertThat(step.others()).extracting(RecordKey::externalId).containsExactly("1", "3");
        assertThat(step.reversibility()).isEqualTo(Reversibility.FULL);
    }

    @Test
    @DisplayName("MRG-5: what a person merges in a system that is not written is not the hub's to take back")
    void aTask() {
        var plan = MergePlan.of(
                List.of(
                        target("crm:contact:1", 1, false),
                        target("crm:contact:2", 2, false),
                        target("erp:contact:1", 1, true, SAFE)),
                List.of(),
                Map.of(),
                Set.of());
        assertThat(plan.steps()).extracting(MergePlan.Step::method).containsExactly(Method.TASK, Method.FOLLOW);
        assertThat(plan.reversibility()).isEqualTo(Reversibility.NONE);
    }

    @ParameterizedTest
    @CsvSource({"false,true,false,false", "true,false,false,false", "true,true,true,false", "true,true,false,true"})
    @DisplayName("MRG-5: one value that may not come back makes the label PARTIAL, and is named")
    void oneLimitIsEnough(boolean known, boolean clears, boolean once, boolean kept) {
        var plan = MergePlan.of(
                List.of(target("crm:contact:1", 1, true, SAFE, new Overwrite("phone", known, clears, once, kept))),
                List.of(),
                Map.of(),
                Set.of());
        assertThat(plan.reversibility()).isEqualTo(Reversibility.PARTIAL);
        assertThat(plan.steps().get(0).limits()).hasSize(1);
    }

    @Test
    @DisplayName("MRG-5: what a system merges or deletes is not all given back, so the label is never FULL")
    void whatGoesIsNotAllGivenBack() {
        var targets = List.of(
                target("crm:contact:1", 1, true, SAFE),
                target("crm:contact:2", 2, true, SAFE),
                target("web:contact:1", 1, true, SAFE));
        var ways = Map.of("crm", Method.NATIVE, "web", Method.DELETE);
        var plan = MergePlan.of(targets, List.of(), ways, Set.of());
        assertThat(plan.steps()).extracting(MergePlan.Step::method).containsExactly(Method.NATIVE, Method.FOLLOW);
        assertThat(plan.steps().get(0).reversibility()).isEqualTo(Reversibility.PARTIAL);
        assertThat(plan.steps().get(0).limits()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"FOLDED,PARTIAL,2", "RETURNING,PARTIAL,2", "DELETED,PARTIAL,1", "MERGED,NONE,1"})
    @DisplayName(
            "MRG-5: of a merge that stands, what is gone since counts against the label of its system, and of no other")
    void whatIsGoneSince(RecordState state, Reversibility label, int limits) {
        var plan = MergePlan.of(
                List.of(target("crm:contact:1", 1, true, SAFE), target("erp:contact:1", 1, true, SAFE)),
                List.of(),
                Map.of(),
                Set.of());
        var since = plan.since(
                Map.of(RecordKey.parse("crm:contact:8"), state, RecordKey.parse("crm:contact:9"), state),
                Set.of(),
                Set.of());
        assertThat(since.steps()).extracting(MergePlan.Step::reversibility).containsExactly(label, Reversibility.FULL);
        assertThat(since.steps().get(0).limits()).hasSize(limits);
        assertThat(MergePlan.of(List.of(), List.of(), Map.of(), Set.of())
                        .since(Map.of(RecordKey.parse("crm:contact:8"), state), Set.of(), Set.of())
                        .reversibility())
                .isEqualTo(label);
    }

    @Test
    @DisplayName(
            "MRG-5: it says of each system whether it gives its old record back or gets a new one, before and after")
    void whatComesBackWhere() {
        var targets = List.of(
                target("crm:contact:1", 1, true, SAFE),
                target("crm:contact:2", 2, true, SAFE),
                target("erp:contact:1", 1, true, SAFE),
                target("erp:contact:2", 2, true, SAFE),
                target("web:contact:1", 1, true, SAFE));
        var ways = Map.of("crm", Method.NATIVE, "erp", Method.DELETE, "web", Method.DELETE);
        var plan = MergePlan.of(targets, List.of("shop"), ways, Set.of("erp", "web"));
        assertThat(plan.steps())
                .extracting(MergePlan.Step::system, MergePlan.Step::back)
                .containsExactly(
                        tuple("crm", Back.NEW_RECORD),
                        tuple("erp", Back.OLD_RECORD),
                        tuple("shop", null),
                        tuple("web", null));
        assertThat(plan.steps().get(0).limits()).contains("a record that goes is created anew, under another id");
        assertThat(plan.steps().get(1).limits())
                .contains("a record that goes comes back with its id, if the system still has it then");
        assertThat(plan.steps().get(1).reversibility()).isEqualTo(Reversibility.PARTIAL);
        var gone = Map.of(
                RecordKey.parse("crm:contact:2"), RecordState.FOLDED,
                RecordKey.parse("erp:contact:2"), RecordState.RETURNING,
                RecordKey.parse("web:contact:2"), RecordState.DELETED);
        var since = MergePlan.of(List.of(), List.of(), Map.of(), Set.of()).since(gone, Set.of(), Set.of("erp", "web"));
        assertThat(since.steps())
                .extracting(MergePlan.Step::system, MergePlan.Step::back)
                .containsExactly(tuple("crm", Back.NEW_RECORD), tuple("erp", Back.OLD_RECORD), tuple("web", null));
    }

    @Test
    @DisplayName("MRG-5: what the hub merged where that makes a new record is not said to be merged by others")
    void whatGoesOnAsAnother() {
        var one = RecordKey.parse("crm:contact:1");
        var other = RecordKey.parse("crm:contact:2");
        var nothing = MergePlan.of(List.of(), List.of(), Map.of(), Set.of());
        var mine = nothing.since(Map.of(one, RecordState.MERGED), Set.of(one), Set.of());
        assertThat(mine.steps()).singleElement().satisfies(step -> {
            assertThat(step.reversibility()).isEqualTo(Reversibility.PARTIAL);
            assertThat(step.limits())
                    .containsExactly("a record goes on under the id that it got there when the hub merged");
        });
        var both = nothing.since(Map.of(one, RecordState.MERGED, other, RecordState.MERGED), Set.of(one), Set.of());
        assertThat(both.reversibility()).isEqualTo(Reversibility.NONE);
        assertThat(both.steps().get(0).limits())
                .hasSize(2)
                .contains("what was merged there by others than the hub stays so");
    }

    @Test
    @DisplayName("MRG-5: a record that a merge creates stays")
    void aCreatedRecordStays() {
        var plan = MergePlan.of(List.of(), List.of("erp"), Map.of(), Set.of());
        assertThat(plan.steps()).singleElement().satisfies(step -> assertThat(step.winner())
                .isNull());
        assertThat(plan.reversibility()).isEqualTo(Reversibility.PARTIAL);
    }
}
