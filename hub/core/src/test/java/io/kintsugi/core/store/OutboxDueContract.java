package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.at;
import static io.kintsugi.core.store.Samples.change;
import static io.kintsugi.core.store.Samples.create;
import static io.kintsugi.core.store.Samples.createMarker;
import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.marker;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.Outbox.Marker;
import io.kintsugi.core.store.Outbox.Overdue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link Outbox} promises of what is due, and when. */
public abstract class OutboxDueContract extends HubStoreContract {
    private static final RecordKey ONE = key("crm", "1");
    private static final RecordKey TWO = key("crm", "2");
    private static final RecordKey THREE = key("crm", "3");
    private static final RecordKey FOUR = key("crm", "4");

    @Test
    void dueComesEarliestFirstAndNoMoreThanAsked() {
        mark(marker("g1", THREE, 1), marker("g1", ONE, 3), marker("g1", TWO, 2), marker("g1", key("crm", "0"), 3));
        mark(marker("g1", key("erp", "1"), 0));
        assertThat(due("crm", 9, 9)).containsExactly("3", "2", "0", "1");
        assertThat(due("crm", 9, 2)).containsExactly("3", "2");
        assertThat(due("none", 9, 9)).isEmpty();
    }

    @Test
    void createsThatWaitCanBeLeftOut() {
        mark(createMarker("g1", "crm", 0), createMarker("g2", "crm", 1), marker("g1", ONE, 2));
        save(create("g3", "crm", OutboundState.VERIFYING, 3));
        assertThat(writes.outbox().due("crm", at(9), false, 2))
                .extracting(OutboundChange::key)
                .containsExactly(OutboundChange.updateKey(ONE), OutboundChange.createKey("g3", "crm", "contact"));
        assertThat(writes.outbox().due("crm", at(9), true, 2))
                .extracting(OutboundChange::goldenId)
                .containsExactly("g1", "g2");
    }

    @Test
    @DisplayName("SYN-9: what is due can be asked for by its cause, and keeps the more urgent one as long as it waits")
    void dueByCause() {
        mark(
                caused("g1", ONE, 1, Cause.BACKLOG),
                caused("g1", TWO, 2, Cause.EDIT),
                caused("g1", THREE, 3, Cause.BACKLOG),
                caused("g1", key("erp", "1"), 0, Cause.EDIT));
        assertThat(due("crm", Cause.BACKLOG)).containsExactly("1", "3");
        assertThat(due("crm", Cause.EDIT)).containsExactly("2");
        assertThat(due("crm", Cause.DECISION)).isEmpty();
        assertThat(due("crm", 9, 9)).containsExactly("1", "2", "3");
        mark(caused("g1", THREE, 4, Cause.DECISION), caused("g1", TWO, 4, Cause.BACKLOG));
        assertThat(due("crm", Cause.DECISION)).containsExactly("3");
        assertThat(due("crm", Cause.EDIT)).containsExactly("2");
        assertThat(due("crm", 3, 9)).as("it keeps its place").containsExactly("1", "2", "3");
        assertThat(reads.outbox().waiting("crm"))
                .isEqualTo(Map.of(Cause.DECISION, 1L, Cause.EDIT, 1L, Cause.BACKLOG, 1L));
        assertThat(reads.outbox().waiting("none")).isEmpty();
    }

    @Test
    @DisplayName("SYN-9: what is under way takes the more urgent cause, what rested the last one")
    void causesOfWhatDoesNotWait() {
        save(change(ONE, "g1", OutboundState.SENDING, 0), change(TWO, "g1", OutboundState.SETTLED, 0));
        mark(caused("g1", ONE, 1, Cause.DECISION), caused("g1", TWO, 1, Cause.BACKLOG));
        mark(caused("g1", ONE, 2, Cause.BACKLOG));
        assertThat(reads.outbox().waiting("crm")).isEqualTo(Map.of(Cause.DECISION, 1L, Cause.BACKLOG, 1L));
        assertThat(reads.outbox().find(List.of(OutboundChange.updateKey(ONE))).values())
                .allMatch(OutboundChange::dirty);
    }

    @Test
    void dueCreatesAreCounted() {
        mark(createMarker("g1", "crm", 0), createMarker("g2", "crm", 1), createMarker("g3", "erp", 1));
        mark(marker("g1", ONE, 2));
        save(create("g4", "crm", OutboundState.SETTLED, 3));
        assertThat(reads.outbox().dueCreates("crm")).isEqualTo(2);
        assertThat(reads.outbox().dueCreates("none")).isZero();
    }

    @Test
    @DisplayName("SYN-11: creates of goldens that an open question is about are counted apart, each once")
    void dueCreatesInQuestionAreCounted() {
        write(tx -> {
            tx.records()
                    .save(Stream.of(ONE, TWO, THREE, FOUR).map(Samples::record).toList());
            tx.goldens().save(List.of(Samples.golden("g1"), Samples.golden("g2"), Samples.golden("g3")), List.of());
            tx.goldens()
                    .assign(List.of(
                            Samples.member(ONE, "g1"),
                            Samples.member(TWO, "g1"),
                            Samples.member(THREE, "g2"),
                            Samples.member(FOUR, "g3")));
            tx.reviews()
                    .save(List.of(
                            Samples.review("rv1", 3, ONE, TWO),
                            Samples.review("rv2", 3, TWO),
                            Samples.review("rv3", Kind.PARKED, ReviewState.OPEN, "contact", 1, 0, THREE),
                            Samples.review("rv4", Kind.CANDIDATE, ReviewState.DECIDED, "contact", 1, 0, FOUR)));
        });
        mark(createMarker("g1", "erp", 0), createMarker("g2", "erp", 1), createMarker("g3", "erp", 1));
        mark(createMarker("g1", "shop", 0), marker("g1", ONE, 2));
        assertThat(reads.outbox().dueCreates("erp")).isEqualTo(3);
        assertThat(reads.outbox().dueCreatesInQuestion("erp")).isEqualTo(1);
        assertThat(reads.outbox().dueCreatesInQuestion("crm"))
                .as("one to change is none")
                .isZero();
    }

    private static Marker caused(String golden, RecordKey target, long seconds, Cause cause) {
        return new Marker(golden, target.system(), target.entityType(), target, at(seconds), cause);
    }

    private List<String> due(String system, Cause cause) {
        return writes.outbox().due(system, cause, at(9), true, 9).stream()
                .map(change -> change.target().externalId())
                .toList();
    }

    @Test
    void aChangeIsDueFromItsInstantOn() {
        mark(marker("g1", ONE, 5));
        assertThat(due("crm", 4, 9)).isEmpty();
        assertThat(writes.outbox().due("crm", at(5).minusNanos(1), true, 9)).isEmpty();
        assertThat(due("crm", 5, 9)).containsExactly("1");
    }

    @Test
    void aSenderThatWentSilentLosesItsLease() {
        save(change(ONE, "g1", OutboundState.SENDING, 0));
        assertThat(due("crm", 29, 9)).isEmpty();
        assertThat(due("crm", 30, 9)).containsExactly("1");
        assertThat(writes.outbox().due("crm", at(30), true, 9))
                .containsExactly(change(ONE, "g1", OutboundState.SENDING, 0));
    }

    @Test
    void anUnknownOutcomeIsLookedAtWhenItsWaitIsOver() {
        save(change(ONE, "g1", OutboundState.VERIFYING, 5));
        assertThat(due("crm", 4, 9)).isEmpty();
        assertThat(due("crm", 5, 9)).containsExactly("1");
    }

    @Test
    void nobodyDisturbsWhoIsVerifying() {
        var c = change(ONE, "g1", OutboundState.VERIFYING, 5);
        save(new OutboundChange(
                c.key(),
                "g1",
                "crm",
                "contact",
                ONE,
                c.state(),
                false,
                at(0),
                at(5),
                0,
                at(60),
                c.intent(),
                null,
                at(5)));
        assertThat(due("crm", 59, 9)).isEmpty();
        assertThat(nextDue()).isEqualTo(at(60));
        assertThat(due("crm", 60, 9)).containsExactly("1");
    }

    @ParameterizedTest
    @EnumSource(names = {"SETTLED", "PARKED", "HELD"})
    void whatRestsIsNeverDue(OutboundState state) {
        save(change(ONE, "g1", state, 0));
        assertThat(due("crm", 1_000_000, 9)).isEmpty();
        assertThat(reads.outbox().nextDue("crm")).isEmpty();
    }

    @Test
    void dueSkipsWhatMustWaitAndStillFillsItsLimit() {
        save(change(ONE, "g1", OutboundState.SENDING, 0), change(TWO, "g1", OutboundState.DUE, 1));
        assertThat(due("crm", 5, 1)).containsExactly("2");
    }

    @Test
    void nextDueIsTheFirstInstantThatBringsSomething() {
        assertThat(nextDue()).isNull();
        save(change(ONE, "g1", OutboundState.SENDING, 0));
        assertThat(nextDue()).isEqualTo(at(30));
        save(change(TWO, "g1", OutboundState.VERIFYING, 20));
        assertThat(nextDue()).isEqualTo(at(20));
        mark(marker("g1", THREE, 10), marker("g1", key("erp", "1"), 1));
        assertThat(nextDue()).isEqualTo(at(10));
    }

    @Test
    @DisplayName(
            "SYN-5: writes without a known outcome for too long are counted by system, and listed, first sent first")
    void whatIsOverdue() {
        save(
                sent(ONE, OutboundState.VERIFYING, 5),
                sent(TWO, OutboundState.SENDING, 3),
                sent(THREE, OutboundState.SENDING, 9),
                sent(FOUR, OutboundState.SETTLED, 1),
                sent(key("crm", "5"), OutboundState.PARKED, 1),
                sent(key("crm", "6"), OutboundState.DUE, 1),
                sent(key("erp", "1"), OutboundState.VERIFYING, 5));
        assertThat(reads.outbox().overdue(at(9)))
                .containsExactly(new Overdue("crm", 2, at(3)), new Overdue("erp", 1, at(5)));
        assertThat(reads.outbox().overdue(at(5))).containsExactly(new Overdue("crm", 1, at(3)));
        assertThat(reads.outbox().overdue(at(3))).isEmpty();
        assertThat(overdue(null, 9, 9)).containsExactly("crm:contact:2", "crm:contact:1", "erp:contact:1");
        assertThat(overdue("erp", 9, 9)).containsExactly("erp:contact:1");
        assertThat(overdue("crm", 5, 9)).containsExactly("crm:contact:2");
        assertThat(overdue("none", 9, 9)).isEmpty();
        assertThat(overdue(null, 9, 1)).as("page by page").isEqualTo(overdue(null, 9, 9));
    }

    private static OutboundChange sent(RecordKey target, OutboundState state, long seconds) {
        return change(target, "g1", state, 0)
                .withIntent(new Intent("i" + seconds, Intent.Kind.UPDATE, Map.of(), Map.of(), at(seconds)));
    }

    private List<String> overdue(String system, long sentBefore, int limit) {
        var all = new ArrayList<String>();
        String cursor = null;
        do {
            var page = reads.outbox().listOverdue(system, at(sentBefore), cursor, limit);
            page.items().forEach(change -> all.add(change.target().toString()));
            cursor = page.next();
        } while (cursor != null);
        return all;
    }

    private void mark(Marker... markers) {
        writes.outbox().mark(List.of(markers));
    }

    private void save(OutboundChange... changes) {
        writes.outbox().save(List.of(changes));
    }

    private List<String> due(String system, long now, int limit) {
        return writes.outbox().due(system, at(now), true, limit).stream()
                .map(change -> change.target().externalId())
                .toList();
    }

    private Instant nextDue() {
        return reads.outbox().nextDue("crm").orElse(null);
    }
}
