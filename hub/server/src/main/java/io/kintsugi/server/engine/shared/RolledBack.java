package io.kintsugi.server.engine.shared;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import java.util.function.Function;

/** Carries the result of a decision out of the transaction that is rolled back, so that a preview is the decision itself. */
public final class RolledBack extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Object result;

    private RolledBack(Object result) {
        super(null, null, false, false);
        this.result = result;
    }

    /** Runs work in a transaction of which nothing is kept. */
    public static <T> T run(HubStore store, Function<HubTransaction, T> work) {
        try {
            return store.write(tx -> {
                throw new RolledBack(work.apply(tx));
            });
        } catch (RolledBack e) {
            @SuppressWarnings("unchecked") // what this very call put in
            var result = (T) e.result;
            return result;
        }
    }
}
