package io.kintsugi.core.store.memory;

import static io.kintsugi.core.store.Samples.at;
import static io.kintsugi.core.store.Samples.golden;
import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.link;
import static io.kintsugi.core.store.Samples.marker;
import static io.kintsugi.core.store.Samples.member;
import static io.kintsugi.core.store.Samples.merge;
import static io.kintsugi.core.store.Samples.recordAt;
import static io.kintsugi.core.store.Samples.review;
import static io.kintsugi.core.store.Samples.revision;
import static io.kintsugi.core.store.Samples.run;
import static io.kintsugi.core.store.Samples.sorted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Journal.Answer;
import io.kintsugi.core.store.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What the memory store adds to the port: failures on demand, and strictness with callers. */
class MemoryHubStoreFaultsTest {
    private static final RecordKey A = key("crm", "a");
    private static final RecordKey B = key("erp", "b");

    private final MemoryHubStore store = new MemoryHubStore();

    @Test
    void workRunsTwiceAndIsStoredOnce() {
        store.runWorkTwice(true);
        var runs = new ArrayList<Long>();
        store.<Boolean>write(tx -> runs.add(tx.goldens().reserveVersions(1)));
        assertThat(runs).as("the first run left nothing").containsExactly(1L, 1L);
        store.runWorkTwice(false);
        store.<Boolean>write(tx -> runs.add(tx.goldens().reserveVersions(1)));
        assertThat(runs).containsExactly(1L, 1L, 2L);
        assertThat(store.writes()).isEqualTo(2);
    }

    @Test
    void theNthWriteFailsBeforeItsCommit() {
        store.failBeforeCommit(2);
        save("r1");
        assertUnavailable(() -> save("r2"));
        save("r3");
        assertThat(runs()).containsExactly("r3", "r1");
    }

    @Test
    void theNthWriteFailsAfterItsCommit() {
        save("r0");
        store.failAfterCommit(1);
        assertUnavailable(() -> save("r1"));
        save("r2");
        assertThat(runs()).containsExactly("r2", "r1", "r0");
    }

    @Test
    void failuresThatHaveNotHappenedCanBeTakenBack() {
        store.failBeforeCommit(1);
        store.failAfterCommit(1);
        store.heal();
        save("r1");
        assertThat(runs()).containsExactly("r1");
    }

    @Test
    void aTransactionInsideATransactionIsRefused() {
        assertThatThrownBy(() -> store.write(tx -> store.<Boolean>read(inner -> true)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.read(tx -> store.<Boolean>write(inner -> true)))
                .isInstanceOf(IllegalStateException.class);
        save("r1");
    }

    @Test
    void thingsThatNameWhatIsNotStoredAreRefused() {
        assertRefused(tx -> tx.links().save(List.of(link(A, B, Origin.RULE))));
        assertRefused(tx -> tx.goldens().assign(List.of(member(A, "g1"))));
        assertRefused(tx -> tx.goldens().save(List.of(), List.of(revision("g1", 1))));
        assertRefused(tx -> tx.merges().save(List.of(merge("m1", 0, "g1", "g2"))));
        assertRefused(tx -> {
            tx.records().save(List.of(Samples.record(A)));
            tx.blocks().assign(Map.of(A, sorted("contact|unclaimed")));
        });
        store.<Object>write(tx -> {
            tx.records().save(List.of(Samples.record(A)));
            tx.blocks().claim(sorted("contact|k"), 99);
            tx.blocks().assign(Map.of(A, sorted("contact|k")));
            return true;
        });
        assertRefused(tx -> tx.blocks().assign(Map.of(A, sorted())));
    }

    @Test
    void aClaimEndsWithItsTransaction() {
        store.<Object>write(tx -> {
            tx.records().save(List.of(Samples.record(A)));
            return tx.blocks().claim(sorted("contact|k"), 99);
        });
        assertRefused(tx -> tx.blocks().assign(Map.of(A, sorted("contact|k"))));
    }

    @RepeatedTest(50)
    @DisplayName("a rollback restores every table and index, whatever was done (seed = repetition)")
    void aRollbackRestoresEverything(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        for (int round = 0; round < 20; round++) {
            var before = store.contents();
            assertThatThrownBy(() -> store.write(tx -> {
                        for (int i = 0; i < 15; i++) act(tx, random);
                        throw new IllegalArgumentException("no");
                    }))
                    .hasMessage("no");
            assertThat(store.contents()).isEqualTo(before);
            store.<Boolean>write(tx -> {
                for (int i = 0; i < 3; i++) act(tx, random);
                return true;
            });
        }
    }

    /** One random change. */
    private static void act(HubTransaction tx, Random random) {
        int n = random.nextInt(4);
        var one = key("crm", "" + n);
        var two = key("erp", "" + random.nextInt(4));
        var golden = "g" + random.nextInt(4);
        tx.records().save(List.of(recordAt(one, n, "n", "" + random.nextInt(3)), recordAt(two, n)));
        tx.goldens().save(List.of(golden(golden, "n", "" + n), golden("g9")), List.of());
        switch (random.nextInt(13)) {
            case 0 -> tx.records().markPending(List.of(one));
            case 1 -> tx.records().clearPending(List.of(one, two));
            case 2 -> {
                var keys = sorted("contact|" + n, "contact|" + random.nextInt(4));
                var claims = new TreeSet<>(keys);
                tx.blocks().of(List.of(one)).values().forEach(claims::addAll);
                tx.blocks().claim(claims, 99);
                tx.blocks().assign(Map.of(one, keys));
                tx.blocks().unmarkGeneric(keys);
            }
            case 3 -> tx.blocks().markGeneric(List.of("contact|" + n));
            case 4 -> tx.links().save(List.of(link(one, two, Origin.values()[n % 3])));
            case 5 -> tx.links().removeRuleLinks(List.of(link(one, two, Origin.RULE)));
            case 6 -> tx.goldens().save(List.of(golden(golden)), List.of(revision(golden, n)));
            case 7 -> tx.goldens().assign(List.of(member(one, golden), member(two, "g9")));
            case 8 -> tx.merges().save(List.of(merge("m" + n, n, golden, "g9", one)));
            case 9 -> tx.reviews().save(List.of(review("r" + n, n, one, two)));
            case 10 -> tx.outbox().mark(List.of(marker(golden, one, n)));
            case 11 ->
                tx.outbox().save(List.of(Samples.change(one, golden, OutboundState.values()[random.nextInt(6)], n)));
            default -> {
                tx.journal().saveCheckpoint("crm", "c", "" + n, at(n));
                tx.journal().publish("match", "contact", "" + n, "ada", at(n));
                tx.journal().forgetAnswers(at(n));
                if (tx.journal().answer("k" + n).isEmpty()) {
                    tx.journal().saveAnswer("k" + n, new Answer("h", 200, "t", "", at(n)));
                }
            }
        }
    }

    private void save(String id) {
        store.<Boolean>write(tx -> {
            tx.journal().saveRun(run(id, id.charAt(1)));
            return true;
        });
    }

    private List<String> runs() {
        return store.read(tx ->
                tx.journal().runs(null, 9).items().stream().map(run -> run.id()).toList());
    }

    private static void assertUnavailable(Runnable work) {
        assertThatThrownBy(work::run).isInstanceOfSatisfying(HubException.class, e -> assertThat(e.code())
                .isEqualTo(HubErrorCode.UNAVAILABLE));
    }

    private void assertRefused(java.util.function.Consumer<HubTransaction> work) {
        assertThatThrownBy(() -> store.<Boolean>write(tx -> {
                    work.accept(tx);
                    return true;
                }))
                .isInstanceOf(IllegalStateException.class);
    }
}
