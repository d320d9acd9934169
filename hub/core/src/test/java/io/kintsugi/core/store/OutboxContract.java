package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.at;
import static io.kintsugi.core.store.Samples.change;
import static io.kintsugi.core.store.Samples.create;
import static io.kintsugi.core.store.Samples.createMarker;
import static io.kintsugi.core.store.Samples.intent;
import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.marker;
import static io.kintsugi.core.store.Samples.sorted;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Outbox.Count;
import io.kintsugi.core.store.Outbox.Marker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link Outbox} promises, but for what is due: see {@link OutboxDueContract}. */
public abstract class OutboxContract extends HubStoreContract {
    private static final RecordKey ONE = key("crm", "1");
    private static final RecordKey TWO = key("crm", "2");
    private static final RecordKey THREE = key("crm", "3");

    @Test
    void aChangeComesBackAsItWasSaved() {
        var whole = new OutboundChange(
                OutboundChange.updateKey(ONE),
                "g1",
                "crm",
                "contact",
                ONE,
                OutboundState.SENDING,
                true,
                at(1),
                at(2),
                4,
                at(3),
                new Intent(
                        "intent-1",
                        Intent.Kind.UPDATE,
                        Samples.map("email", "", "fullName", "Łu 🏺 \"x\"\\\n", "note", "é".repeat(10_000)),
                        Map.of("email", 0L, "fullName", Long.MAX_VALUE),
                        at(4)),
                "the system says \"no\" 🏺",
                at(5));
        save(whole);
        assertThat(find(whole.key())).isEqualTo(whole);
        var bare = create("g1", "crm", OutboundState.DUE, 0);
        save(bare);
        assertThat(find(bare.key())).isEqualTo(bare);
    }

    @Test
    @DisplayName("SYN-2, SYN-7: what a system refused, and that nobody knows what became of a create, outlives a mark")
    void whatHoldsAChangeBackOutlivesAMark() {
        var create = create("g1", "crm", OutboundState.PARKED, 0);
        var intent = create.intent().without(Map.of("email", "too \"long\" 🏺")).lost();
        save(create.withIntent(intent));
        mark(createMarker("g1", "crm", 9));
        assertThat(find(create.key()).intent()).isEqualTo(intent);
        assertThat(find(create.key()).released().intent()).isEqualTo(create.intent());
    }

    @ParameterizedTest
    @EnumSource(OutboundState.class)
    void savingAgainReplacesEverything(OutboundState state) {
        save(change(ONE, "g1", OutboundState.SENDING, 0));
        var now = change(ONE, "g2", state, 9);
        save(now);
        assertThat(find(now.key())).isEqualTo(now);
        assertThat(reads.outbox().ofGolden("g1")).isEmpty();
        assertThat(reads.outbox().ofGolden("g2")).containsExactly(now);
        assertThat(reads.outbox().counts()).containsExactly(new Count("crm", state, 1));
    }

    @Test
    void aNewMarkIsDueAtOnce() {
        mark(marker("g1", ONE, 5), createMarker("g1", "erp", 6));
        assertThat(find(OutboundChange.updateKey(ONE))).isEqualTo(change(ONE, "g1", OutboundState.DUE, 5));
        var created = create("g1", "erp", OutboundState.DUE, 6);
        assertThat(find(created.key())).isEqualTo(created);
    }

    @Test
    void markingTwiceIsOnce() {
        mark(marker("g1", ONE, 5), marker("g1", ONE, 6));
        mark(marker("g1", ONE, 5));
        mark(marker("g1", ONE, 7));
        assertThat(find(OutboundChange.updateKey(ONE))).isEqualTo(change(ONE, "g1", OutboundState.DUE, 5));
        assertThat(reads.outbox().counts()).containsExactly(new Count("crm", OutboundState.DUE, 1));
    }

    @ParameterizedTest
    @EnumSource(names = {"SETTLED", "PARKED", "HELD"})
    void aMarkMakesWhatRestsDueAndKeepsWhatIsKnown(OutboundState state) {
        var before = change(ONE, "g1", state, 0);
        save(before);
        mark(marker("g1", ONE, 50));
        var after = find(before.key());
        assertThat(after.state()).isEqualTo(OutboundState.DUE);
        assertThat(after.markedAt()).isEqualTo(at(50));
        assertThat(after.dueAt()).isEqualTo(at(50));
        assertThat(after.updatedAt()).isEqualTo(at(50));
        assertThat(after.dirty()).isFalse();
        assertThat(after.leaseUntil()).isNull();
        assertThat(after.target()).isEqualTo(ONE);
        assertThat(after.attempts()).isZero();
        assertThat(after.intent()).isEqualTo(before.intent());
        assertThat(after.problem()).isEqualTo(before.problem());
    }

    @Test
    void aMarkNeverCutsAWaitShort() {
        var waiting = new OutboundChange(
                OutboundChange.updateKey(ONE),
                "g1",
                "crm",
                "contact",
                ONE,
                OutboundState.DUE,
                false,
                at(0),
                at(600),
                2,
                null,
                intent(Intent.Kind.UPDATE),
                "rate limit",
                at(1));
        save(waiting);
        mark(marker("g1", ONE, 50));
        assertThat(find(waiting.key())).isEqualTo(waiting);
    }

    @ParameterizedTest
    @EnumSource(names = {"SENDING", "VERIFYING"})
    void aMarkOfAnOpenIntentIsRememberedAndNothingElseChanges(OutboundState state) {
        var before = change(ONE, "g1", state, 0);
        save(before);
        mark(marker("g1", ONE, 50));
        mark(marker("g1", ONE, 60));
        var after = find(before.key());
        assertThat(after.dirty()).isTrue();
        assertThat(after.state()).isEqualTo(state);
        assertThat(after.markedAt()).isEqualTo(before.markedAt());
        assertThat(after.dueAt()).isEqualTo(before.dueAt());
        assertThat(after.leaseUntil()).isEqualTo(before.leaseUntil());
        assertThat(after.intent()).isEqualTo(before.intent());
        assertThat(after.updatedAt()).isEqualTo(at(50));
    }

    @ParameterizedTest
    @EnumSource(OutboundState.class)
    void theChangeFollowsItsRecordToAnotherGolden(OutboundState state) {
        save(change(ONE, "g1", state, 0));
        mark(marker("g2", ONE, 50));
        var key = OutboundChange.updateKey(ONE);
        assertThat(find(key).goldenId()).isEqualTo("g2");
        assertThat(reads.outbox().ofGolden("g1")).isEmpty();
        assertThat(reads.outbox().ofGolden("g2")).hasSize(1);
    }

    @Test
    void aCreateThatIsMarkedAgainAfterItIsSettledIsANewOne() {
        var c = create("g1", "crm", OutboundState.SETTLED, 0);
        save(new OutboundChange(
                c.key(),
                "g1",
                "crm",
                "contact",
                ONE,
                c.state(),
                false,
                at(0),
                at(0),
                0,
                null,
                c.intent(),
                null,
                at(0)));
        mark(createMarker("g1", "crm", 9));
        assertThat(find(c.key()).target()).isNull();
        assertThat(find(c.key()).state()).isEqualTo(OutboundState.DUE);
    }

    @Test
    void lockAndFindSkipWhatDoesNotExist() {
        mark(marker("g1", ONE, 0));
        var key = OutboundChange.updateKey(ONE);
        assertThat(writes.outbox().lock(sorted(key, "record|none"))).containsOnlyKeys(key);
        assertThat(reads.outbox().find(List.of(key, key, "none"))).containsOnlyKeys(key);
        assertThat(writes.outbox().lock(sorted())).isEmpty();
    }

    @Test
    void emptyCollectionsChangeNothing() {
        mark();
        save();
        assertThat(reads.outbox().find(List.of())).isEmpty();
        assertThat(reads.outbox().openFor(List.of())).isEmpty();
        assertThat(reads.outbox().counts()).isEmpty();
        assertThat(reads.outbox().ofGolden("none")).isEmpty();
    }

    @Test
    void openForFindsOpenIntentsOnTheRecordsAndOpenCreatesOfTheirSystems() {
        var sending = change(ONE, "g1", OutboundState.SENDING, 0);
        var verifying = change(TWO, "g1", OutboundState.VERIFYING, 0);
        var creating = create("g2", "crm", OutboundState.SENDING, 0);
        save(
                sending,
                verifying,
                change(THREE, "g1", OutboundState.SENDING, 0),
                change(key("crm", "4"), "g1", OutboundState.DUE, 0),
                creating,
                create("g3", "crm", OutboundState.DUE, 0),
                create("g2", "erp", OutboundState.VERIFYING, 0));
        assertThat(reads.outbox().openFor(List.of(ONE, TWO, key("crm", "4"))))
                .containsExactlyInAnyOrder(sending, verifying, creating);
        assertThat(reads.outbox().openFor(List.of(key("web", "1")))).isEmpty();
    }

    @Test
    @DisplayName("R7: the creates that are under way in a system are found, and nothing else")
    void openCreatesAreFoundBySystem() {
        var sending = create("g1", "crm", OutboundState.SENDING, 0);
        var verifying = create("g2", "crm", OutboundState.VERIFYING, 0);
        save(
                sending,
                verifying,
                create("g3", "crm", OutboundState.DUE, 0),
                create("g1", "erp", OutboundState.SENDING, 0),
                change(ONE, "g1", OutboundState.SENDING, 0));
        assertThat(reads.outbox().openCreates("crm")).containsExactlyInAnyOrder(sending, verifying);
        assertThat(reads.outbox().openCreates("web")).isEmpty();
    }

    @Test
    @DisplayName("R1: a merge under way is found by both of its records")
    void aMergeIsOpenForBothItsRecords() {
        var merging = change(ONE, "g1", OutboundState.SENDING, 0)
                .withIntent(Intent.merge("intent-1", key("crm", "9"), at(4)));
        save(merging);
        assertThat(find(merging.key())).isEqualTo(merging);
        assertThat(reads.outbox().openFor(List.of(ONE))).containsExactly(merging);
        assertThat(reads.outbox().openFor(List.of(key("crm", "9")))).containsExactly(merging);
        assertThat(reads.outbox().openFor(List.of(key("crm", "8")))).isEmpty();
    }

    @Test
    @DisplayName("SYN-2: what a system has named as created is kept until it was read")
    void whatACreateMadeIsKept() {
        var create = create("g1", "crm", OutboundState.VERIFYING, 0);
        var confirmed = create.withIntent(create.intent().confirmed("7", null));
        save(confirmed);
        assertThat(find(confirmed.key())).isEqualTo(confirmed);
        assertThat(reads.outbox().openCreates("crm")).containsExactly(confirmed);
    }

    @Test
    void changesOfAGoldenComeNewestMarkFirst() {
        mark(marker("g1", ONE, 1), marker("g1", TWO, 3), createMarker("g1", "erp", 2), marker("g2", THREE, 9));
        assertThat(reads.outbox().ofGolden("g1"))
                .extracting(OutboundChange::markedAt)
                .containsExactly(at(3), at(2), at(1));
    }

    @Test
    void listsFilterBySystemAndState() {
        save(
                change(ONE, "g1", OutboundState.DUE, 1),
                change(TWO, "g1", OutboundState.PARKED, 2),
                change(key("erp", "1"), "g1", OutboundState.PARKED, 3));
        assertThat(list(null, null)).containsExactly(at(3), at(2), at(1));
        assertThat(list("crm", null)).containsExactly(at(2), at(1));
        assertThat(list(null, OutboundState.PARKED)).containsExactly(at(3), at(2));
        assertThat(list("crm", OutboundState.PARKED)).containsExactly(at(2));
        assertThat(list("crm", OutboundState.HELD)).isEmpty();
    }

    @Test
    void pagesStayRightWhileChangesAreMarked() {
        var before = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            mark(marker("g1", key("crm", "r" + i), i / 3)); // with ties
            before.add(OutboundChange.updateKey(key("crm", "r" + i)));
        }
        var n = new int[] {0};
        Pager<OutboundChange> pager = (tx, cursor, limit) -> tx.outbox().list("crm", null, cursor, limit);
        var seen = pages(pager, 2, () -> {
            n[0]++;
            mark(marker("g1", key("crm", "new" + n[0]), 100 + n[0]), marker("g1", key("crm", "mid" + n[0]), 1));
        });
        assertThat(seen).extracting(OutboundChange::key).doesNotHaveDuplicates().containsAll(before);
        assertThat(seen).isSortedAccordingTo((a, b) -> b.markedAt().compareTo(a.markedAt()));
        mark(marker("g1", key("erp", "other"), 1));
        var all = pages((tx, cursor, limit) -> tx.outbox().list("crm", OutboundState.DUE, cursor, limit), 50);
        assertThat(pages(
                        (tx, cursor, limit) -> tx.outbox().listOldestFirst("crm", OutboundState.DUE, cursor, limit), 2))
                .hasSizeGreaterThan(before.size())
                .containsExactlyElementsOf(reversed(all));
    }

    @Test
    void countsAreBySystemAndState() {
        save(
                change(key("erp", "1"), "g1", OutboundState.DUE, 0),
                change(ONE, "g1", OutboundState.PARKED, 0),
                change(TWO, "g1", OutboundState.DUE, 0),
                change(THREE, "g1", OutboundState.DUE, 0));
        assertThat(reads.outbox().counts())
                .containsExactly(
                        new Count("crm", OutboundState.DUE, 2),
                        new Count("crm", OutboundState.PARKED, 1),
                        new Count("erp", OutboundState.DUE, 1));
    }

    private static <T> List<T> reversed(List<T> list) {
        var turned = new ArrayList<>(list);
        Collections.reverse(turned);
        return turned;
    }

    private void mark(Marker... markers) {
        writes.outbox().mark(List.of(markers));
    }

    private void save(OutboundChange... changes) {
        writes.outbox().save(List.of(changes));
    }

    private OutboundChange find(String key) {
        return reads.outbox().find(List.of(key)).get(key);
    }

    private List<Instant> list(String system, OutboundState state) {
        Pager<OutboundChange> pager = (tx, cursor, limit) -> tx.outbox().list(system, state, cursor, limit);
        return pages(pager, 1).stream().map(OutboundChange::markedAt).toList();
    }
}
