package io.kintsugi.server.engine.audit;

import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.audit.StreamAudit.Cure;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * The audits of one system: one at a time, asked for by people or by the clock, worked on piece by piece by the loop of the system, so
 * that live synchronisation goes on meanwhile. {@link #begin} and {@link #cancel} are for any thread, the rest for the loop alone.
 */
public final class Auditing {
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final Ids ids;
    private final HubEvents events;
    private final SystemConfig config;
    private final Cure cure;
    private final Function<StreamMapping, Duration> lag;
    private Audit audit;
    private boolean cancelled;
    private Instant polledAt;
    private Instant nextAt;

    /**
     * @param cure how what was missed is taken in
     * @param lag how long a change of a stream may stay untold
     */
    public Auditing(
            HubStore store,
            LiveModel model,
            Clock clock,
            Ids ids,
            HubEvents events,
            SystemConfig config,
            Cure cure,
            Function<StreamMapping, Duration> lag) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.ids = ids;
        this.events = events;
        this.config = config;
        this.cure = cure;
        this.lag = lag;
        this.nextAt = config.auditEvery() == null ? null : next();
    }

    /** A period after the last audit, also over a restart; at once if there was none. */
    private Instant next() {
        return store.read(tx -> {
            var audits = AuditJournal.audits(tx, config.id());
            if (audits.isEmpty()) return Instant.MIN;
            return tx.journal()
                    .run(audits.get(audits.size() - 1))
                    .map(run -> run.startedAt().plus(config.auditEvery()))
                    .orElse(Instant.MIN);
        });
    }

    /**
     * Begins an audit.
     *
     * @throws HubException with {@code NOT_POSSIBLE} if one is under way
     */
    public synchronized Run begin(boolean heal, String runId) {
        if (audit != null) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "an audit of " + config.id() + " is under way, "
                            + audit.run().id() + "; wait for its end or cancel it");
        }
        audit = new Audit(store, model, clock, config, runId, heal ? cure : Cure.NONE, lag);
        cancelled = false;
        if (config.auditEvery() != null) nextAt = clock.instant().plus(config.auditEvery());
        events.publish("run.progress", audit.run());
        return audit.run();
    }

    /** Ends the audit soon; false if this is not the one under way. */
    public synchronized boolean cancel(String runId) {
        if (audit == null || !audit.run().id().equals(runId)) return false;
        cancelled = true;
        return true;
    }

    /** A poll that told everything is over. */
    public void polled(Instant began) {
        polledAt = began;
    }

    /** When the loop should come back for an audit at the latest; {@link Instant#MAX} if there is nothing to do. */
    public synchronized Instant workAt() {
        if (audit == null) return nextAt == null ? Instant.MAX : nextAt;
        return cancelled || pollAt().equals(Instant.MAX) ? Instant.MIN : Instant.MAX;
    }

    /** When the system should be polled for an audit; {@link Instant#MAX} if none waits for it. */
    public synchronized Instant pollAt() {
        var waits = audit == null ? null : audit.waitsForPoll();
        return waits == null || polledAt != null && !polledAt.isBefore(waits) ? Instant.MAX : waits;
    }

    /**
     * Does one piece of the audit that is under way or due; nothing if there is none.
     *
     * @throws ConnectorException if the system does not answer; the audit goes on later
     */
    public void step(Connector connector) throws ConnectorException {
        if (audit == null && nextAt != null && !clock.instant().isBefore(nextAt)) begin(false, ids.next("run"));
        var now = audit;
        if (now == null) return;
        Run run;
        try {
            run = cancelled()
                    ? now.end(RunState.CANCELLED, "it was cancelled; what was found until then is listed")
                    : now.step(connector, polledAt);
        } catch (ConnectorException.Transient | ConnectorException.RateLimited e) {
            throw e;
        } catch (ConnectorException | RuntimeException e) {
            run = now.end(RunState.FAILED, "it could not go on: " + e.getMessage() + "; begin it again");
        }
        events.publish("run.progress", run);
        if (now.over()) over();
    }

    private synchronized boolean cancelled() {
        return cancelled;
    }

    private synchronized void over() {
        audit = null;
    }
}
