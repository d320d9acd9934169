package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.at;
import static io.kintsugi.core.store.Samples.change;
import static io.kintsugi.core.store.Samples.golden;
import static io.kintsugi.core.store.Samples.key;
import static io.kintsugi.core.store.Samples.keys;
import static io.kintsugi.core.store.Samples.marker;
import static io.kintsugi.core.store.Samples.record;
import static io.kintsugi.core.store.Samples.review;
import static io.kintsugi.core.store.Samples.revision;
import static io.kintsugi.core.store.Samples.sorted;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Journal.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What {@link HubStore} promises several callers at once: it is thread-safe, and locks and claims hold until the end. */
public abstract class RacesContract extends HubStoreContract {
    private static final int THREADS = 4;
    private static final int ROUNDS = 5;
    private static final RecordKey A = key("crm", "a");

    /** Answers of all threads, which start together. */
    private static <T> List<T> together(int threads, IntFunction<Callable<T>> work) throws InterruptedException {
        var barrier = new CyclicBarrier(threads);
        var pool = Executors.newFixedThreadPool(threads);
        try {
            var futures = new ArrayList<java.util.concurrent.Future<T>>();
            for (int i = 0; i < threads; i++) {
                var task = work.apply(i);
                futures.add(pool.submit(() -> {
                    barrier.await(30, TimeUnit.SECONDS);
                    return task.call();
                }));
            }
            var answers = new ArrayList<T>();
            for (var future : futures) answers.add(future.get(60, TimeUnit.SECONDS));
            return answers;
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Each thread does a step, several times, in transactions of its own. */
    private void race(java.util.function.Consumer<HubTransaction> step) throws InterruptedException {
        together(THREADS, thread -> () -> {
            for (int i = 0; i < ROUNDS; i++) write(step);
            return true;
        });
    }

    @Test
    void lockedRecordsLoseNoChange() throws InterruptedException {
        writes.records().save(List.of(record(A, "n", "0")));
        race(tx -> {
            int n = Integer.parseInt(tx.records().lock(keys(A)).get(A).value("n"));
            tx.records().save(List.of(record(A, "n", "" + (n + 1))));
        });
        assertThat(reads.records().find(List.of(A)).get(A).value("n")).isEqualTo("" + THREADS * ROUNDS);
    }

    @Test
    void claimedGoldensLoseNoChange() throws InterruptedException {
        writes.goldens().save(List.of(golden("g1", "n", "0"), golden("g2", "n", "0")), List.of());
        race(tx -> {
            tx.goldens().claim(sorted("g1", "g2"));
            var goldens = tx.goldens().find(List.of("g1", "g2"));
            var next = "" + (Integer.parseInt(goldens.get("g1").value("n")) + 1);
            assertThat(goldens.get("g2").value("n")).isEqualTo(goldens.get("g1").value("n"));
            tx.goldens().save(List.of(golden("g1", "n", next), golden("g2", "n", next)), List.of());
        });
        assertThat(reads.goldens().find(List.of("g1")).get("g1").value("n")).isEqualTo("" + THREADS * ROUNDS);
    }

    @Test
    void lockedReviewsAndChangesLoseNoChange() throws InterruptedException {
        writes.reviews().save(List.of(review("r1", 0)));
        writes.outbox().save(List.of(change(A, "g1", OutboundState.DUE, 0)));
        var key = OutboundChange.updateKey(A);
        race(tx -> {
            var score = tx.reviews().lock("r1").orElseThrow().score();
            tx.reviews().save(List.of(review("r1", score + 1)));
            var marked = tx.outbox().lock(sorted(key)).get(key).markedAt();
            tx.outbox()
                    .save(List.of(new OutboundChange(
                            key,
                            "g1",
                            "crm",
                            "contact",
                            A,
                            OutboundState.DUE,
                            false,
                            marked.plusSeconds(1),
                            at(0),
                            0,
                            null,
                            null,
                            null,
                            at(0))));
        });
        assertThat(reads.reviews().find(List.of("r1")).get("r1").score()).isEqualTo(THREADS * ROUNDS);
        assertThat(reads.outbox().find(List.of(key)).get(key).markedAt()).isEqualTo(at(THREADS * ROUNDS));
    }

    @Test
    void twinsThatComeTogetherSeeEachOther() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            var mail = "contact|email|" + round;
            int n = round;
            var alone = together(
                    THREADS,
                    thread -> () -> store.<Boolean>write(tx -> {
                        var me = key("crm", n + "-" + thread);
                        tx.records().save(List.of(record(me)));
                        var holders =
                                tx.blocks().claim(sorted(mail), 99).get(mail).holders();
                        tx.blocks().assign(Map.of(me, sorted(mail)));
                        return holders.isEmpty();
                    }));
            assertThat(alone).as("only the first finds nobody").containsOnlyOnce(true);
        }
    }

    @Test
    void aChangeIsTakenByOneSender() throws InterruptedException {
        var targets = new HashSet<RecordKey>();
        for (int i = 0; i < 12; i++) targets.add(key("crm", "t" + i));
        for (var target : targets) writes.outbox().mark(List.of(marker("g1", target, 0)));
        var taken = together(THREADS, thread -> () -> {
            var mine = new ArrayList<RecordKey>();
            for (var some = take(); !some.isEmpty(); some = take()) mine.addAll(some);
            return mine;
        });
        assertThat(taken.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(targets);
    }

    private List<RecordKey> take() {
        return store.write(tx -> {
            var due = tx.outbox().due("crm", at(1), true, 2);
            tx.outbox()
                    .save(due.stream()
                            .map(c -> change(c.target(), "g1", OutboundState.SENDING, 10))
                            .toList());
            return due.stream().map(OutboundChange::target).toList();
        });
    }

    @Test
    void marksOfOneKeyAreOneChange() throws InterruptedException {
        race(tx -> tx.outbox().mark(List.of(marker("g1", A, 0))));
        assertThat(reads.outbox().list(null, null, null, 9).items())
                .containsExactly(change(A, "g1", OutboundState.DUE, 0));
    }

    @Test
    void versionsAreNeverGivenTwice() throws InterruptedException {
        var given = together(THREADS, thread -> () -> {
            var mine = new ArrayList<Long>();
            for (int i = 0; i < ROUNDS; i++) {
                long first = writes.goldens().reserveVersions(2);
                mine.addAll(List.of(first, first + 1));
            }
            return mine;
        });
        assertThat(given.stream().flatMap(List::stream)).doesNotHaveDuplicates().hasSize(THREADS * ROUNDS * 2);
    }

    @Test
    void aReaderOfTheFeedMissesNothing() throws InterruptedException {
        for (int i = 0; i < THREADS; i++) writes.goldens().save(List.of(golden("g" + i)), List.of());
        int writers = THREADS - 1;
        int all = writers * ROUNDS * 2;
        var seen = together(THREADS, thread -> () -> {
            if (thread < writers) {
                for (int i = 0; i < ROUNDS; i++) {
                    var changes = List.of(revision("g" + thread, 2 * i), revision("g" + thread, 2 * i + 1));
                    writes.goldens().save(List.of(), changes);
                }
                return List.<String>of();
            }
            var mine = new ArrayList<String>();
            long after = 0;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (mine.size() < all && System.nanoTime() < deadline) {
                for (var revision : reads.goldens().feed(after, 3)) {
                    mine.add(revision.goldenId() + " " + revision.revision());
                    assertThat(revision.sequence()).isGreaterThan(after);
                    after = revision.sequence();
                }
            }
            return mine;
        });
        assertThat(seen.get(writers)).hasSize(all).doesNotHaveDuplicates();
    }

    @Test
    void aKeyIsAnsweredOnceAndADocumentHasOneNextVersion() throws InterruptedException {
        var refused = together(THREADS, thread -> () -> {
            writes.journal().publish("match", "contact", "body " + thread, "ada", at(0));
            try {
                writes.journal().saveAnswer("k", new Answer("h" + thread, 200, "t", "", at(0)));
                return false;
            } catch (HubException e) {
                assertThat(e.code()).isEqualTo(HubErrorCode.IDEMPOTENCY_KEY_REUSED);
                return true;
            }
        });
        assertThat(refused).containsOnlyOnce(false);
        assertThat(reads.journal().document("match", "contact").orElseThrow().version())
                .isEqualTo(THREADS);
    }
}
