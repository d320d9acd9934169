package io.kintsugi.server.api;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Drift.Disposition;
import io.kintsugi.server.engine.Systems;
import io.kintsugi.server.engine.audit.AuditJournal;
import io.kintsugi.server.engine.audit.AuditReport.Finding;
import io.kintsugi.server.engine.recovery.Certificate;
import io.kintsugi.server.engine.recovery.ConflictJournal;
import java.util.ArrayList;
import java.util.List;

/** Loads, polls, match runs, audits and recoveries, and what they found. */
final class RunResource {
    private static final String ONE = "/api/v1/runs/{id}";
    private static final List<String> KINDS = List.of("audit", "load", "poll", "recovery", "rematch", "snapshot");
    private final HubStore store;
    private final Systems systems;

    /** One finding in the order they were made, which is its id. */
    private record Placed(int place, Finding finding) {}

    private static final Listing<Placed> FINDINGS =
            Listing.of((Placed placed) -> Listing.text(placed.place())).byId("found");

    RunResource(HubStore store, Systems systems) {
        this.store = store;
        this.systems = systems;
    }

    void register(Routes routes) {
        routes.get("/api/v1/runs", this::list);
        routes.get(ONE, this::get);
        routes.post(ONE + "/cancel", this::cancel);
        routes.get(ONE + "/audit", this::audit);
        routes.get(ONE + "/findings", this::findings);
        routes.get(ONE + "/certificate", this::certificate);
        routes.get(ONE + "/conflicts", this::conflicts);
    }

    private Reply list(Call call) {
        var system = call.system();
        var kind = call.oneOf("kind", KINDS, null);
        var state = call.constant("state", RunState.class);
        boolean oldestFirst = call.oldestFirst("startedAt");
        var scan = new Scan(call.cursor(), call.limit());
        return Reply.ok(store.read(tx -> PageView.of(
                scan.matching(
                        oldestFirst ? tx.journal()::runsOldestFirst : tx.journal()::runs,
                        run -> (system == null || system.equals(run.system()))
                                && (kind == null || kind.equals(run.kind()))
                                && (state == null || state == run.state())),
                RunView::of)));
    }

    private Reply get(Call call) {
        return Reply.ok(RunView.of(load(call)));
    }

    private Run load(Call call) {
        var id = call.path("id");
        return store.read(tx -> tx.journal().run(id)).orElseThrow(() -> Refused.notFound("there is no run " + id));
    }

    private Reply cancel(Call call) {
        var run = load(call);
        if (run.state() == RunState.RUNNING && !systems.cancel(run.id())) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "run " + run.id() + " is a " + run.kind() + " and cannot be cancelled; only audits can");
        }
        return Reply.accepted(RunView.of(run));
    }

    private Reply audit(Call call) {
        var run = load(call);
        var report = store.read(tx -> AuditJournal.report(tx, run.id()))
                .orElseThrow(() -> Refused.notFound("run " + run.id() + " is a " + run.kind() + ", not an audit"));
        return Reply.ok(AuditView.of(RunView.of(run), report));
    }

    private Reply certificate(Call call) {
        var run = load(call);
        return Reply.ok(store.read(tx -> CertificateView.of(tx, certificate(tx, run))));
    }

    private static Certificate certificate(HubTransaction tx, Run run) {
        return Certificate.find(tx, run.id())
                .orElseThrow(() -> Refused.notFound(
                        run.kind().equals("recovery")
                                ? "recovery " + run.id() + " has no certificate yet: not everything is read"
                                : "run " + run.id() + " is a " + run.kind() + ", not a recovery"));
    }

    private Reply conflicts(Call call) {
        var run = load(call);
        var type = call.text("entityType");
        var attribute = call.text("attribute");
        var system = call.system();
        boolean backwards =
                call.oneOf("sort", List.of("found", "-found"), "found").startsWith("-");
        var scan = new Scan(call.cursor(), call.limit());
        return Reply.ok(store.read(tx -> {
            var certificate = certificate(tx, run);
            var page = scan.matching(
                    (cursor, limit) -> ConflictJournal.page(tx, certificate, cursor, limit, backwards),
                    conflict -> (type == null || type.equals(conflict.entityType()))
                            && (attribute == null || attribute.equals(conflict.attribute()))
                            && (system == null || conflict.isOf(system)));
            var labels = CertificateView.labels(tx, page.items());
            return PageView.of(page, conflict -> ConflictView.of(conflict, labels.get(conflict.goldenId())));
        }));
    }

    private Reply findings(Call call) {
        var run = load(call);
        var wanted = call.constant("disposition", Disposition.class);
        var attribute = call.text("attribute");
        var all = store.read(tx -> AuditJournal.findings(tx, run.id()));
        var placed = new ArrayList<Placed>();
        for (var finding : all) {
            if (wanted != null && wanted != finding.disposition()) continue;
            if (attribute != null && !attribute.equals(finding.attribute())) continue;
            placed.add(new Placed(placed.size(), finding));
        }
        return Reply.ok(PageView.of(FINDINGS.page(call, placed), Placed::finding));
    }
}
