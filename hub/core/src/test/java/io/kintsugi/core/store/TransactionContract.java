package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.at;
import static io.kintsugi.core.store.Samples.golden;
import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.link;
import static io.kintsugi.core.store.Samples.marker;
import static io.kintsugi.core.store.Samples.member;
import static io.kintsugi.core.store.Samples.merge;
import static io.kintsugi.core.store.Samples.record;
import static io.kintsugi.core.store.Samples.recordAt;
import static io.kintsugi.core.store.Samples.retired;
import static io.kintsugi.core.store.Samples.review;
import static io.kintsugi.core.store.Samples.revision;
import static io.kintsugi.core.store.Samples.run;
import static io.kintsugi.core.store.Samples.sorted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.store.Goldens.Filter;
import io.kintsugi.core.store.Journal.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What {@link HubStore} and {@link HubTransaction} promise of one caller; {@link RacesContract} has several. */
public abstract class TransactionContract extends HubStoreContract {
    private static final RecordKey A = key("crm", "a");
    private static final RecordKey B = key("erp", "b");

    /** Changes something in every subject, and leaves different things each time. */
    private static void everything(HubTransaction tx, int n) {
        var other = key("web", "n" + n);
        tx.records().save(List.of(recordAt(A, n, "n", "" + n), record(B), record(other)));
        tx.records().markPending(List.of(A, other));
        tx.records().clearPending(List.of(B));
        tx.blocks().claim(sorted("contact|k", "contact|k1", "contact|k2"), 99);
        tx.blocks().assign(Map.of(A, sorted("contact|k" + n), B, sorted("contact|k")));
        tx.blocks().unmarkGeneric(List.of("contact|k1", "contact|k2"));
        tx.blocks().markGeneric(List.of("contact|k" + n));
        tx.links().save(List.of(link(A, B, Origin.STEWARD).retracted(at(n), "ada"), link(B, other, Origin.RULE)));
        tx.links().removeRuleLinks(List.of(link(A, B, Origin.RULE)));
        tx.goldens().claim(sorted("g1"));
        tx.goldens()
                .save(
                        List.of(
                                golden("h" + n, "fullName", "n" + n),
                                golden("g1", "n", "" + n),
                                retired("g9", "h" + n)),
                        List.of(revision("g1", n)));
        tx.goldens().assign(List.of(member(A, "h" + n), member(B, "g1")));
        tx.merges().save(List.of(merge("m" + n, n, "g1", "g9", A)));
        tx.reviews().save(List.of(review("r1", n, A), review("s" + n, n, B)));
        tx.outbox().mark(List.of(marker("h" + n, A, n), marker("g1", key("web", "t" + n), n)));
        tx.journal().saveCheckpoint("crm", "contacts", "" + n, at(n));
        tx.journal().saveRun(run("run" + n, n));
        tx.journal().publish("match", "contact", "v" + n, "ada", at(n));
        tx.journal().saveAnswer("key" + n, new Answer("h", 200, "t", "", at(n)));
        tx.journal().forgetAnswers(at(n));
    }

    /** Everything that can be read. */
    private List<Object> seen() {
        var keys = List.of(A, B, key("web", "n1"), key("web", "n2"), key("web", "t1"), key("web", "t2"));
        var ids = List.of("g1", "g9", "h1", "h2");
        return store.read(tx -> {
            var all = new ArrayList<Object>();
            all.add(tx.records().find(keys));
            all.add(tx.records().stillPending(keys));
            all.add(tx.records().revisions(A, 99));
            all.add(tx.records().counts());
            all.add(tx.blocks().generic(99));
            for (var key : List.of("contact|k", "contact|k1", "contact|k2"))
                all.add(tx.blocks().holders(key, 99));
            all.add(List.copyOf(tx.links().of(keys)).stream()
                    .sorted((x, y) -> x.toString().compareTo(y.toString()))
                    .toList());
            all.add(tx.goldens().find(ids));
            all.add(tx.goldens().members(ids));
            all.add(tx.goldens().feed(0, 99));
            all.add(tx.goldens().feedEnd());
            all.add(tx.goldens().counts());
            all.add(tx.goldens().list(Filter.all(), null, 99));
            all.add(tx.merges().list(null, 99));
            all.add(tx.merges().formerGoldens(List.of(A)));
            all.add(tx.reviews().find(List.of("r1", "s1", "s2")));
            all.add(tx.reviews().openCounts());
            all.add(tx.outbox().list(null, null, null, 99));
            all.add(tx.outbox().nextDue("crm"));
            all.add(tx.journal().checkpoint("crm", "contacts"));
            all.add(tx.journal().runs(null, 99));
            all.add(tx.journal().documents("match"));
            all.add(tx.journal().answer("key1"));
            all.add(tx.journal().answer("key2"));
            return all;
        });
    }

    @Test
    void aFailureLeavesNothing() {
        var nothing = seen();
        failing(tx -> everything(tx, 1));
        assertThat(seen()).isEqualTo(nothing);
        write(tx -> everything(tx, 1));
        var something = seen();
        assertThat(something).isNotEqualTo(nothing);
        failing(tx -> everything(tx, 2));
        assertThat(seen()).isEqualTo(something);
        write(tx -> everything(tx, 2));
        assertThat(seen()).isNotEqualTo(something);
    }

    private void failing(Consumer<HubTransaction> work) {
        assertThatThrownBy(() -> write(tx -> {
                    work.accept(tx);
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void workThatIsDoneAgainAfterAFailureLeavesTheSameAsOnce() {
        failing(tx -> everything(tx, 1));
        write(tx -> everything(tx, 1));
        var again = seen();
        store = emptyStore();
        write(tx -> everything(tx, 1));
        assertThat(again)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(".*sequence")
                .isEqualTo(seen());
    }

    @Test
    void whatTheWorkThrowsComesOutUnchanged() {
        for (var thrown : List.of(
                new IllegalStateException("a"),
                new HubException(HubErrorCode.NOT_FOUND, "b"),
                new StackOverflowError())) {
            assertThatThrownBy(() -> store.write(tx -> sneak(thrown))).isSameAs(thrown);
            assertThatThrownBy(() -> store.read(tx -> sneak(thrown))).isSameAs(thrown);
        }
    }

    private static Object sneak(Throwable thrown) {
        if (thrown instanceof Error error) throw error;
        throw (RuntimeException) thrown;
    }

    @Test
    void theAnswerOfTheWorkComesOut() {
        assertThat(store.<String>write(tx -> "x")).isEqualTo("x");
        assertThat(store.<String>read(tx -> "y")).isEqualTo("y");
        assertThat(store.<String>write(tx -> null)).isNull();
        assertThat(store.<String>read(tx -> null)).isNull();
    }

    @Test
    void aTransactionReadsWhatItWrote() {
        write(tx -> {
            everything(tx, 1);
            assertThat(tx.records().find(List.of(A))).containsOnlyKeys(A);
            assertThat(tx.records().pending(9)).contains(A);
            assertThat(tx.blocks().holders("contact|k1", 9)).containsExactly(A);
            assertThat(tx.links().of(List.of(A))).hasSize(1);
            assertThat(tx.goldens().goldenOf(List.of(A, B))).isEqualTo(Map.of(A, "h1", B, "g1"));
            assertThat(tx.goldens().currentId("g9")).isEqualTo("h1");
            assertThat(tx.goldens().history("g1", 9)).hasSize(1);
            assertThat(tx.goldens().feedEnd()).isPositive();
            assertThat(tx.merges().ofGolden("g9")).hasSize(1);
            assertThat(tx.reviews().openOf(List.of(A))).hasSize(1);
            assertThat(tx.outbox().due("crm", at(9), true, 9)).hasSize(1);
            assertThat(tx.journal().checkpoint("crm", "contacts")).contains("1");
        });
    }

    @Test
    void readsThatChangeLockOrClaimAreRefused() {
        write(tx -> everything(tx, 1));
        var before = seen();
        List<Consumer<HubTransaction>> changes = List.of(
                tx -> tx.records().save(List.of(record(A, "n", "9").withState(RecordState.DELETED))),
                tx -> tx.records().lock(Samples.keys(A)),
                tx -> tx.records().clearPending(List.of(A)),
                tx -> tx.blocks().claim(sorted("contact|k1"), 99),
                tx -> tx.links().save(List.of(link(A, B, Origin.RULE))),
                tx -> tx.goldens().claim(sorted("g1")),
                tx -> tx.goldens().save(List.of(golden("g77")), List.of()),
                tx -> tx.goldens().assign(List.of(member(A, "g1"))),
                tx -> tx.goldens().reserveVersions(1),
                tx -> tx.merges().save(List.of(merge("m7", 7, "g1", "g9", A))),
                tx -> tx.reviews().lock("r1"),
                tx -> tx.reviews().save(List.of(review("r7", 1, A))),
                tx -> tx.outbox().mark(List.of(marker("g1", B, 0))),
                tx -> tx.outbox().lock(sorted("k")),
                tx -> tx.outbox().due("crm", at(99), true, 9),
                tx -> tx.journal().saveCheckpoint("crm", "contacts", "9", at(0)),
                tx -> tx.journal().publish("match", "contact", "new", "ada", at(9)));
        for (int i = 0; i < changes.size(); i++) {
            var change = changes.get(i);
            assertThatThrownBy(() -> store.read(tx -> {
                        change.accept(tx);
                        return null;
                    }))
                    .as("change " + i)
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(seen()).isEqualTo(before);
    }

    @Test
    void aTransactionIsNotValidAfterTheWork() {
        var kept = new AtomicReference<HubTransaction>();
        write(kept::set);
        assertThatThrownBy(() -> kept.get().records().find(List.of(A))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kept.get().journal().saveRun(run("r", 0))).isInstanceOf(IllegalStateException.class);
        write(tx -> assertThatThrownBy(() -> kept.get().records()).isInstanceOf(IllegalStateException.class));
        store.<Boolean>read(tx -> {
            kept.set(tx);
            return true;
        });
        assertThatThrownBy(() -> kept.get().records().pending(9)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void resultsAreTheCallersToKeep() {
        write(tx -> everything(tx, 1));
        var records = reads.records().find(List.of(A));
        var members = reads.goldens().members(List.of("h1"));
        var holders = reads.blocks().holders("contact|k1", 9);
        write(tx -> everything(tx, 2));
        assertThat(records.get(A).value("n")).isEqualTo("1");
        assertThat(members.get("h1")).hasSize(1);
        assertThat(holders).containsExactly(A);
    }

    @Test
    void closingTwiceIsOnceAndWorkAfterItIsRefused() {
        write(tx -> everything(tx, 1));
        store.close();
        assertThatCode(store::close).doesNotThrowAnyException();
        assertThatThrownBy(() -> store.<Boolean>write(tx -> true))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.UNAVAILABLE));
        assertThatThrownBy(() -> store.<Boolean>read(tx -> true))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.UNAVAILABLE));
    }
}
