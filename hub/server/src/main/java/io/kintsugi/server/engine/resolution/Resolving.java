package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.HubStore;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves what waits, batch by batch. A batch that fails is tried again by halves until the record that causes it stands alone; that
 * one is set aside, and the others go on (SYN-7). Not thread-safe.
 */
public final class Resolving {
    private static final Logger LOG = LoggerFactory.getLogger(Resolving.class);
    private static final int MOST = 1000;
    private final HubStore store;
    private final Resolver resolver;
    private final Clock clock;
    private int limit = MOST;
    private long resolved;

    public Resolving(HubStore store, Resolver resolver, Clock clock) {
        this.store = store;
        this.resolver = resolver;
        this.clock = clock;
    }

    /**
     * Resolves one batch, or comes one step closer to a record that cannot be resolved.
     *
     * @return whether there was something to do; then there may be more
     * @throws HubException with {@code UNAVAILABLE} if the store does not answer: wait, then go on
     */
    public boolean step() {
        var batch = store.read(tx -> tx.records().pending(limit));
        if (batch.isEmpty()) return resolver.wakeDue(limit);
        try {
            resolved += resolver.resolve(batch);
            limit = Math.min(MOST, 2 * limit);
        } catch (RuntimeException e) {
            if (e instanceof HubException known && known.code() == HubErrorCode.UNAVAILABLE) throw e;
            limit = Math.max(1, batch.size() / 2);
            if (batch.size() == 1) {
                LOG.error("record {} cannot be resolved and is set aside", batch.get(0), e);
                var now = clock.instant();
                store.write(tx -> {
                    var policies = resolver.policies(batch.get(0).entityType());
                    SetAside.put(tx, batch.get(0), e.getClass().getSimpleName(), policies, now);
                    return null;
                });
            } else {
                LOG.warn("{} records cannot be resolved at once; tried again by halves", batch.size());
            }
        }
        return true;
    }

    /** Records resolved since the beginning. */
    public long resolved() {
        return resolved;
    }
}
