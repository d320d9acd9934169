package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The store of dry runs and of tests: everything in maps of this process, lost with it, in a fixed order, so that the same history
 * gives the same answers on every machine. One lock stands for all locks and claims, so transactions run one after another. Stricter than the graph where
 * that finds faults of callers: a transaction inside a transaction, a thing that names what is not stored, and block keys assigned
 * without a claim are refused with {@link IllegalStateException}.
 */
public final class MemoryHubStore implements HubStore {
    private static final long NEVER = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Ledger ledger = new Ledger();
    private final MemoryRecords records = new MemoryRecords(ledger);
    private final MemoryLinks links = new MemoryLinks(ledger, records);
    private final MemoryGoldens goldens = new MemoryGoldens(ledger, records);
    private final MemoryReferences references = new MemoryReferences(ledger, records, goldens);
    private final MemoryBlocks blocks = new MemoryBlocks(ledger, records, goldens);
    private final MemoryMerges merges = new MemoryMerges(ledger, records, goldens);
    private final MemoryReviews reviews = new MemoryReviews(ledger);
    private final MemoryOutbox outbox = new MemoryOutbox(ledger, this::inQuestion);
    private final MemoryDeletions deletions = new MemoryDeletions(ledger);
    private final MemoryJournal journal = new MemoryJournal(ledger);

    private final MemoryErasures erasures = new MemoryErasures(
            ledger,
            new MemoryErasures.Whole(
                    records, blocks, links, references, goldens, merges, reviews, outbox, deletions, journal));
    private boolean closed;
    private boolean workRunsTwice;
    private long writes;
    private long failBeforeCommit = NEVER;
    private long failAfterCommit = NEVER;

    private boolean inQuestion(String golden) {
        var records = goldens.members(List.of(golden)).get(golden).stream()
                .map(member -> member.record().key())
                .toList();
        return reviews.openOf(records).stream().anyMatch(review -> review.kind().isAboutGoldens());
    }

    /**
     * From now on every write runs its work twice: once to be rolled back, then for good. Callers that keep something from the
     * first run, or hand out what it gave them, show it.
     */
    public void runWorkTwice(boolean twice) {
        locked(() -> workRunsTwice = twice);
    }

    /** Number of writes so far that ran their work to its end, whether they were stored or made to fail. */
    public long writes() {
        lock.lock();
        try {
            return writes;
        } finally {
            lock.unlock();
        }
    }

    /** The n-th write from now (1 is the next) runs its work, stores nothing and throws {@code UNAVAILABLE}. Once. */
    public void failBeforeCommit(long n) {
        locked(() -> failBeforeCommit = writes + n);
    }

    /** The n-th write from now (1 is the next) is stored, and then throws {@code UNAVAILABLE}. Once. */
    public void failAfterCommit(long n) {
        locked(() -> failAfterCommit = writes + n);
    }

    /** Takes back the failures that have not happened yet. */
    public void heal() {
        locked(() -> failBeforeCommit = failAfterCommit = NEVER);
    }

    @Override
    public <T> T write(Function<HubTransaction, T> work) {
        open();
        try {
            if (workRunsTwice) run(work, false);
            boolean fails = writes + 1 == failBeforeCommit;
            T result = run(work, !fails);
            writes++;
            if (fails) throw unavailable("stopped answering before the commit");
            if (writes == failAfterCommit) throw unavailable("stopped answering after the commit");
            return result;
        } finally {
            lock.unlock();
        }
    }

    private <T> T run(Function<HubTransaction, T> work, boolean keep) {
        boolean done = false;
        var transaction = new Transaction();
        ledger.beginWriting();
        try {
            T result = work.apply(transaction);
            done = true;
            return result;
        } finally {
            transaction.over = true;
            blocks.endClaims();
            if (done && keep) ledger.keep();
            else ledger.rollBack();
        }
    }

    @Override
    public <T> T read(Function<HubTransaction, T> work) {
        open();
        var transaction = new Transaction();
        ledger.beginReading();
        try {
            return work.apply(transaction);
        } finally {
            transaction.over = true;
            ledger.rollBack();
            lock.unlock();
        }
    }

    @Override
    public void close() {
        locked(() -> closed = true);
    }

    /** Leaves the lock held, unless it throws. */
    private void open() {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("a transaction is running on this thread; use it instead of a second one");
        }
        lock.lock();
        if (closed) {
            lock.unlock();
            throw unavailable("is closed");
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    private static HubException unavailable(String what) {
        return new HubException(HubErrorCode.UNAVAILABLE, "the store " + what + "; try again later");
    }

    /** Everything it holds, as text; for tests. */
    public String contents() {
        return String.join(
                "\n",
                records.toString(),
                blocks.toString(),
                links.toString(),
                goldens.toString(),
                references.toString(),
                merges.toString(),
                reviews.toString(),
                outbox.toString(),
                deletions.toString(),
                erasures.toString(),
                journal.toString());
    }

    private final class Transaction implements HubTransaction {
        private boolean over;

        private <S> S valid(S subject) {
            if (over) throw new IllegalStateException("the transaction is over");
            return subject;
        }

        @Override
        public MemoryRecords records() {
            return valid(records);
        }

        @Override
        public MemoryBlocks blocks() {
            return valid(blocks);
        }

        @Override
        public MemoryLinks links() {
            return valid(links);
        }

        @Override
        public MemoryReferences references() {
            return valid(references);
        }

        @Override
        public MemoryGoldens goldens() {
            return valid(goldens);
        }

        @Override
        public MemoryMerges merges() {
            return valid(merges);
        }

        @Override
        public MemoryReviews reviews() {
            return valid(reviews);
        }

        @Override
        public MemoryOutbox outbox() {
            return valid(outbox);
        }

        @Override
        public MemoryDeletions deletions() {
            return valid(deletions);
        }

        @Override
        public MemoryErasures erasures() {
            return valid(erasures);
        }

        @Override
        public MemoryJournal journal() {
            return valid(journal);
        }
    }
}
