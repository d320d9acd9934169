package io.kintsugi.server.engine.audit;

import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.audit.StreamAudit.Cure;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One audit of one system: compares its streams, one after the other, and keeps a run and a report of it up to date. Writes to no
 * system; with {@code heal} it takes in what the hub missed and marks what is out of step. Not thread-safe.
 */
public final class Audit {
    public static final String KIND = "audit";
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final SystemConfig config;
    private final Cure cure;
    private final Function<StreamMapping, Duration> lag;
    private final Findings findings;
    private final List<StreamMapping> left;
    private final List<AuditReport.Stream> done = new ArrayList<>();
    private StreamAudit current;
    private Run run;

    /**
     * @param cure {@link Cure#NONE} to change nothing
     * @param lag how long a change of a stream may stay untold
     */
    Audit(
            HubStore store,
            LiveModel model,
            Clock clock,
            SystemConfig config,
            String runId,
            Cure cure,
            Function<StreamMapping, Duration> lag) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.config = config;
        this.cure = cure;
        this.lag = lag;
        this.findings = new Findings(runId);
        this.left =
                new ArrayList<>(model.get().system(config.id()).orElse(config).streams());
        var report = report();
        var now = clock.instant();
        run = store.write(tx -> {
            long total = tx.records().counts().stream()
                    .filter(count -> count.system().equals(config.id()) && count.state() != RecordState.DELETED)
                    .mapToLong(count -> count.records())
                    .sum();
            var first =
                    new Run(runId, KIND, config.id(), null, RunState.RUNNING, report.counts(), total, now, null, null);
            tx.journal().saveRun(first);
            AuditJournal.begin(tx, config.id(), runId, now);
            AuditJournal.saveReport(tx, runId, report, now);
            return first;
        });
    }

    Run run() {
        return run;
    }

    boolean over() {
        return run.state() != RunState.RUNNING;
    }

    /** From which instant on a poll must begin before there is anything to do; null if there is something now, or nothing ever. */
    Instant waitsForPoll() {
        return current == null ? null : current.waitsForPoll();
    }

    /**
     * Does one piece of work and stores how far it is.
     *
     * @param polledAt when the last poll that told everything began; null if there was none
     * @throws ConnectorException if the system did not answer: the same piece can be done later
     */
    Run step(Connector connector, Instant polledAt) throws ConnectorException {
        if (over()) return run;
        var next = mapped(left.get(0));
        if (current == null || !current.follows(next)) { // under another mapping it begins anew
            current = new StreamAudit(store, model, clock, config.id(), next, findings, cure, lag.apply(next));
        }
        current.step(connector, polledAt);
        if (current.over()) {
            done.add(current.tally().report());
            left.remove(0);
            current = null;
        }
        return save(left.isEmpty() ? RunState.DONE : RunState.RUNNING, null);
    }

    /** The mapping as it is now: fields may have come and gone since the audit began. */
    private StreamMapping mapped(StreamMapping then) {
        return model.get().system(config.id()).stream()
                .flatMap(system -> system.streams().stream())
                .filter(stream -> stream.stream().equals(then.stream()))
                .findFirst()
                .orElse(then);
    }

    /** Ends it before its time. What was found so far is kept. */
    Run end(RunState state, String why) {
        return over() ? run : save(state, why);
    }

    private Run save(RunState state, String problem) {
        boolean end = state != RunState.RUNNING;
        var now = clock.instant();
        var report = report();
        var next = new Run(
                run.id(),
                KIND,
                config.id(),
                null,
                state,
                report.counts(),
                run.total(),
                run.startedAt(),
                end ? now : null,
                problem);
        store.write(tx -> {
            findings.save(tx, end, now);
            AuditJournal.saveReport(tx, run.id(), report, now);
            tx.journal().saveRun(next);
            return null;
        });
        findings.saved(end);
        run = next;
        return next;
    }

    private AuditReport report() {
        var streams = new ArrayList<>(done);
        if (current != null) streams.add(current.tally().report());
        return new AuditReport(cure != Cure.NONE, streams, findings.listed(), findings.unlisted());
    }
}
