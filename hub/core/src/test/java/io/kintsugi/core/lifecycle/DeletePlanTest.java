package io.kintsugi.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.Evidence;
import io.kintsugi.core.model.Deletion.Means;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Next steps of deletions that no history happens to take in every build. */
class DeletePlanTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RecordKey TARGET = new RecordKey("erp", "contact", "9");

    @ParameterizedTest
    @EnumSource(names = {"WAITING", "SENT"})
    @DisplayName("DEL-1, MRG-2: a delete of a record that the hub merged into another meanwhile comes to an end")
    void theRecordWasMerged(StepState state) {
        var deletion = Deletion.seen(new RecordKey("crm", "contact", "1"), Evidence.FEED, NOW);
        var step = new Step("erp", TARGET, Action.PROPAGATE, state, null, null, NOW, NOW);
        var target = new SourceRecord(TARGET, "people", RecordState.FOLDED, Map.of(), Map.of(), NOW, NOW, null, null);
        var facts = new DeletePlan.Now(
                Optional.empty(),
                List.of(target),
                key -> false,
                key -> null,
                one -> null,
                DeletePolicy.none("contact"));
        var next = DeletePlan.next(deletion, step, facts, NOW);
        assertThat(next.state()).isEqualTo(StepState.CANCELLED);
        assertThat(next.why()).contains("merged into another");
        assertThat(DeletePlan.next(deletion, next, facts, NOW)).isEqualTo(next);
    }

    @ParameterizedTest
    @EnumSource(names = {"PROPAGATE", "DISCONNECT", "SEVER"})
    @DisplayName("DEL-1: what is about to come back does not, unless it is on its way")
    void notThereYet(Action action) {
        var rule = new DeletePolicy.Rule(action, action, Duration.ZERO, Conflict.DELETE_WINS);
        var policy = new DeletePolicy("contact", 1, rule, List.of(), Brake.USUAL);
        var target = new SourceRecord(
                TARGET, "people", RecordState.RETURNING, Map.of("city", "Rome"), Map.of(), NOW, NOW, null, null);
        var seen = Deletion.seen(new RecordKey("crm", "contact", "1"), Evidence.FEED, NOW);
        var deletion =
                DeletePlan.plan(seen, new DeletePlan.Facts("g-1", List.of(target), system -> true, false), policy, NOW);
        assertThat(deletion.steps()).hasSize(1);
        var step = deletion.steps().get(0);
        assertThat(step.target()).isEqualTo(TARGET);
        assertThat(step.state()).isEqualTo(StepState.WAITING);
        var due = step.dueAt();
        var onItsWay =
                new DeletePlan.Now(Optional.empty(), List.of(target), key -> true, key -> null, one -> null, policy);
        assertThat(DeletePlan.next(deletion, step, onItsWay, due))
                .isEqualTo(step.later(due.plus(DeletePlan.LOOK_AGAIN)));
        var facts =
                new DeletePlan.Now(Optional.empty(), List.of(target), key -> false, key -> null, one -> null, policy);
        var next = DeletePlan.next(deletion, step, facts, due);
        assertThat(next.state()).isEqualTo(StepState.DONE);
        assertThat(next.action()).as("a restore brings it back").isEqualTo(Action.PROPAGATE);
        assertThat(DeletePlan.endsReturn(next, target)).isTrue();
        assertThat(DeletePlan.endsReturn(next, target.withState(RecordState.LIVE)))
                .isFalse();
        var sent = step.approved("sam", due);
        assertThat(DeletePlan.next(deletion, sent, onItsWay, due).state()).isEqualTo(StepState.SENT);
        assertThat(DeletePlan.next(deletion, sent, facts, due).state()).isEqualTo(StepState.DONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"DISCONNECT", "SEVER"})
    @DisplayName(
            "DEL-1: what is let go is not while a write to it is under way, which may merge it into another record")
    void aMergeMayArriveYet(Action action) {
        var deletion = Deletion.seen(new RecordKey("crm", "contact", "1"), Evidence.FEED, NOW);
        var step = new Step("erp", TARGET, action, StepState.WAITING, null, null, NOW, NOW);
        var record = SourceRecord.observed(TARGET, "people", Map.of("city", "Oslo"), NOW, NOW, null);
        for (boolean underWay : List.of(true, false)) {
            var facts = new DeletePlan.Now(
                    Optional.empty(),
                    List.of(record),
                    key -> underWay,
                    key -> null,
                    one -> null,
                    DeletePolicy.none("contact"));
            assertThat(DeletePlan.next(deletion, step, facts, NOW).state())
                    .isEqualTo(underWay ? StepState.WAITING : StepState.DONE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WAITING", "SENT"})
    @DisplayName("DEL-8: what people make their own after its delete was planned is not deleted without asking")
    void theRecordBecameTheirs(StepState state) {
        var deletion = Deletion.seen(new RecordKey("crm", "contact", "1"), Evidence.FEED, NOW);
        var step = new Step("erp", TARGET, Action.PROPAGATE, state, null, null, NOW, NOW);
        var theirs = new SourceRecord(
                TARGET, "people", RecordState.LIVE, Map.of("city", "Rome"), Map.of(), NOW, NOW, null, null);
        for (var joined : Action.values()) {
            var rule = new DeletePolicy.Rule(Action.PROPAGATE, joined, Duration.ZERO, Conflict.DELETE_WINS);
            var policy = new DeletePolicy("contact", 1, rule, List.of(), Brake.USUAL);
            var facts = new DeletePlan.Now(
                    Optional.empty(), List.of(theirs), key -> false, key -> null, one -> null, policy);
            var next = DeletePlan.next(deletion, step, facts, NOW).state();
            assertThat(next).isEqualTo(joined == Action.PROPAGATE ? StepState.SENT : StepState.ASKED);
            var approved = step.approved("sam", NOW);
            assertThat(DeletePlan.next(deletion, approved, facts, NOW).state()).isEqualTo(StepState.SENT);
        }
    }

    @Test
    @DisplayName("DEL-8: what the hub merged somebody's own record into is not the hub's to delete")
    void somebodysOwnIsInIt() {
        var all = new DeletePolicy.Rule(Action.PROPAGATE, Action.REVIEW, Duration.ZERO, Conflict.DELETE_WINS);
        var policy = new DeletePolicy("contact", 1, all, List.of(), DeletePolicy.Brake.USUAL);
        var copy = Map.of("city", AttributeState.created("Oslo", null, NOW, 7, true, null));
        var made = SourceRecord.observed(TARGET, "people", Map.of("city", "Oslo"), NOW, NOW, null)
                .withStates(copy);
        var folded = new RecordKey("erp", "contact", "8");
        var own = SourceRecord.observed(folded, "people", Map.of("city", "Oslo"), NOW, NOW, null);
        assertThat(action(policy, made)).isEqualTo(Action.PROPAGATE);
        assertThat(action(policy, made, own.withState(RecordState.FOLDED))).isEqualTo(Action.REVIEW);
        assertThat(action(policy, made, own.withStates(copy).withState(RecordState.FOLDED)))
                .as("all of it was the hub's")
                .isEqualTo(Action.PROPAGATE);
        var step = new Step("erp", TARGET, Action.PROPAGATE, StepState.WAITING, null, null, NOW, NOW);
        var since = List.of(made, own.withState(RecordState.FOLDED));
        var facts = new DeletePlan.Now(Optional.empty(), since, key -> false, key -> null, one -> null, policy);
        var deletion = Deletion.seen(new RecordKey("crm", "contact", "1"), Evidence.FEED, NOW);
        assertThat(DeletePlan.next(deletion, step, facts, NOW).state())
                .as("merged since that was planned")
                .isEqualTo(StepState.ASKED);
    }

    @Test
    @DisplayName("DEL-8: what may be somebody's own, because nobody knows whose a value is, is not the hub's to delete")
    void whoseItIsIsNotKnown() {
        var all = new DeletePolicy.Rule(Action.PROPAGATE, Action.REVIEW, Duration.ZERO, Conflict.DELETE_WINS);
        var policy = new DeletePolicy("contact", 1, all, List.of(), DeletePolicy.Brake.USUAL);
        var record = SourceRecord.observed(TARGET, "people", Map.of("city", "Oslo"), NOW, NOW, null);
        for (var hold : List.of("nobody knows", AttributeState.FOREIGN)) {
            var state = AttributeState.created("Oslo", null, NOW, 7, true, hold);
            assertThat(action(policy, record.withStates(Map.of("city", state))))
                    .isEqualTo(hold.equals(AttributeState.FOREIGN) ? Action.PROPAGATE : Action.REVIEW);
        }
    }

    private static Action action(DeletePolicy policy, SourceRecord... members) {
        var deletion = Deletion.seen(new RecordKey("crm", "contact", "1"), Evidence.FEED, NOW);
        var facts = new DeletePlan.Facts("g-1", List.of(members), system -> true, false);
        return DeletePlan.plan(deletion, facts, policy, NOW).steps().get(0).action();
    }

    @Test
    @DisplayName(
            "DEL-10: a restore ends once what it created is there, also where that has become another golden record")
    void createdAsAnotherThing() {
        var deletion = Deletion.seen(new RecordKey("crm", "contact", "1"), Evidence.FEED, NOW);
        var step = new Step("erp", null, Action.RECREATE, StepState.RESTORING, "sam", null, NOW, NOW);
        for (boolean made : List.of(true, false)) {
            var facts = new DeletePlan.Now(
                    Optional.empty(),
                    List.of(),
                    key -> false,
                    key -> null,
                    one -> made ? TARGET : null,
                    DeletePolicy.none("contact"));
            var next = DeletePlan.next(deletion, step, facts, NOW.plusSeconds(60));
            assertThat(next.state()).isEqualTo(made ? StepState.DONE : StepState.RESTORING);
            if (made) assertThat(next.why()).contains(TARGET.externalId(), "another golden record");
        }
    }

    private static StepState restoring(RecordState state, boolean inFlight, Instant deleteSent) {
        var deletion = Deletion.seen(new RecordKey("crm", "contact", "1"), Evidence.FEED, NOW);
        var step = new Step("erp", null, Action.RECREATE, StepState.RESTORING, "sam", null, NOW, NOW);
        var later = NOW.plusSeconds(60);
        var record = new SourceRecord(TARGET, "people", state, Map.of(), Map.of(), NOW, later, null, null);
        var facts = new DeletePlan.Now(
                Optional.empty(),
                List.of(record),
                key -> inFlight,
                key -> deleteSent,
                one -> null,
                DeletePolicy.none("contact"));
        return DeletePlan.next(deletion, step, facts, later).state();
    }

    @Test
    @DisplayName(
            "DEL-10: what is restored while its delete is under way is not called back before that has arrived or not")
    void theDeleteMayArriveYet() {
        assertThat(restoring(RecordState.LIVE, false, null)).isEqualTo(StepState.DONE);
        assertThat(restoring(RecordState.LIVE, true, null)).isEqualTo(StepState.DONE);
        var before = NOW.minusSeconds(5);
        assertThat(restoring(RecordState.LIVE, true, before)).isEqualTo(StepState.RESTORING);
        assertThat(restoring(RecordState.DELETED, false, before)).isEqualTo(StepState.RESTORING);
        assertThat(restoring(RecordState.LIVE, false, before)).isEqualTo(StepState.DONE);
        assertThat(restoring(RecordState.DELETED, false, null)).isEqualTo(StepState.DONE);
        assertThat(restoring(RecordState.SEVERED, false, null))
                .as("it is there: another deletion took it out of its golden")
                .isEqualTo(StepState.DONE);
    }

    @Test
    @DisplayName(
            "DEL-7: of what a system offers the first rung is taken, and a person is asked only where there is none")
    void theLadder() {
        for (int offered = 0; offered < 8; offered++) {
            boolean deletes = (offered & 1) != 0;
            boolean marks = (offered & 2) != 0;
            boolean archives = (offered & 4) != 0;
            var means = DeletePlan.means(deletes, marks, archives);
            assertThat(means == Means.BY_HAND).isEqualTo(offered == 0);
            assertThat(means == Means.DELETE).as("nothing goes before a delete").isEqualTo(deletes);
            assertThat(means == Means.INACTIVATE).isEqualTo(marks && !deletes);
            assertThat(means == Means.ARCHIVE).isEqualTo(archives && !marks && !deletes);
        }
    }

    @Test
    @DisplayName("DEL-7: how a record goes stays known, whatever becomes of the step")
    void meansStay() {
        for (var means : Means.values()) {
            for (var state : StepState.values()) {
                var now = Instant.EPOCH;
                var erp = new RecordKey("erp", "contact", "1");
                var step = new Step("erp", erp, Action.PROPAGATE, StepState.SENT, null, null, now, now).by(means);
                assertThat(step.to(state, "why", now).means()).isEqualTo(means);
                assertThat(step.later(now).at(erp).means()).isEqualTo(means);
            }
        }
    }
}
