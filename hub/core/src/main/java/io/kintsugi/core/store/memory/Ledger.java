package io.kintsugi.core.store.memory;

import java.util.ArrayDeque;
import java.util.Deque;

/** Remembers how to undo each change of the running transaction, so that a rollback costs what was changed and no more. */
final class Ledger {
    private enum Mode {
        CLOSED,
        READING,
        WRITING
    }

    private final Deque<Runnable> undo = new ArrayDeque<>();
    private Mode mode = Mode.CLOSED;
    private Thread owner;

    void beginReading() {
        mode = Mode.READING;
        owner = Thread.currentThread();
    }

    void beginWriting() {
        mode = Mode.WRITING;
        owner = Thread.currentThread();
    }

    void keep() {
        undo.clear();
        end();
    }

    void rollBack() {
        while (!undo.isEmpty()) undo.pop().run();
        end();
    }

    private void end() {
        mode = Mode.CLOSED;
        owner = null;
    }

    void add(Runnable step) {
        undo.push(step);
    }

    /** Call before each read. */
    void requireOpen() {
        if (owner != Thread.currentThread()) {
            throw new IllegalStateException("the transaction is over, or belongs to another thread");
        }
    }

    /** Call before each change, lock or claim. */
    void requireWriting() {
        requireOpen();
        if (mode != Mode.WRITING) {
            throw new IllegalStateException("read() must not change, lock or claim anything; use write()");
        }
    }
}
