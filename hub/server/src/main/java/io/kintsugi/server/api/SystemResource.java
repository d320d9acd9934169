package io.kintsugi.server.api;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Outbox;
import io.kintsugi.core.store.Records;
import io.kintsugi.server.engine.Systems;
import io.kintsugi.server.engine.Systems.SystemStatus;
import io.kintsugi.server.engine.outbound.FirstSyncs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Connected systems: how they are, what they offer, and starting and stopping them. */
final class SystemResource {
    private static final String ONE = "/api/v1/systems/{id}";
    private static final List<String> STATES =
            List.of("STARTING", "RUNNING", "RECOVERING", "PAUSED", "FAILING", "OFFLINE");
    private static final Listing<SystemStatus> ALL = Listing.of(
                    (SystemStatus status) -> status.config().id())
            .byId("id")
            .by("label", status -> status.config().label().toLowerCase(Locale.ROOT))
            .by("lastChange", status -> Listing.text(status.lastChange()));
    private final HubStore store;
    private final Systems systems;
    private final Clock clock;

    private record Counts(
            List<Records.Count> records,
            List<Outbox.Count> outbound,
            List<Outbox.Overdue> overdue,
            Map<String, Optional<Instant>> due,
            Map<String, Map<Cause, Long>> waiting,
            Map<String, FirstSyncs.Standing> firstSyncs) {}

    SystemResource(HubStore store, Systems systems, Clock clock) {
        this.store = store;
        this.systems = systems;
        this.clock = clock;
    }

    void register(Routes routes) {
        routes.get("/api/v1/systems", this::list);
        routes.get(ONE, this::get);
        routes.post(ONE + "/poll", call -> Reply.accepted(after(call, systems::poll)));
        routes.post(ONE + "/pause", call -> Reply.ok(after(call, systems::pause)));
        routes.post(ONE + "/resume", call -> Reply.ok(after(call, systems::resume)));
        routes.post(ONE + "/first-sync/approve", call -> Reply.ok(after(call, systems::approveFirstSync)));
        routes.post(ONE + "/first-sync/refuse", call -> Reply.ok(after(call, systems::refuseFirstSync)));
        routes.post(ONE + "/audits", this::audit);
    }

    private Reply list(Call call) {
        var state = call.oneOf("state", STATES, null);
        var wanted = systems.list().stream()
                .filter(status -> state == null || state.equals(status.state()))
                .toList();
        var page = ALL.page(call, wanted);
        return Reply.ok(new PageView<>(views(page.items()), page.next()));
    }

    private Reply get(Call call) {
        var status = load(call.path("id"));
        var config = status.config();
        return Reply.ok(new SystemView.Detail(
                views(List.of(status)).get(0),
                config.settings().keySet().stream().sorted().toList(),
                config.streams().stream().map(SystemView.Mapping::of).toList(),
                status.catalogOrNull() == null ? null : SystemView.CatalogView.of(status.catalogOrNull())));
    }

    private Reply audit(Call call) {
        var id = load(call.path("id")).config().id();
        var asked = call.bodyIfAny(AuditView.Asked.class);
        boolean heal = asked != null && Boolean.TRUE.equals(asked.heal());
        return Reply.accepted(RunView.of(systems.audit(id, heal, call.idempotencyKey())));
    }

    private SystemView after(Call call, Consumer<String> action) {
        var id = call.path("id");
        load(id);
        action.accept(id);
        return views(List.of(load(id))).get(0);
    }

    private SystemStatus load(String id) {
        return systems.find(id)
                .orElseThrow(() -> Refused.notFound("there is no system \"" + id + "\""
                        + Nearest.hint(
                                id,
                                systems.list().stream()
                                        .map(status -> status.config().id())
                                        .toList())));
    }

    private List<SystemView> views(List<SystemStatus> statuses) {
        var counts = store.read(tx -> {
            var due = new HashMap<String, Optional<Instant>>();
            var waiting = new HashMap<String, Map<Cause, Long>>();
            var firstSyncs = new HashMap<String, FirstSyncs.Standing>();
            for (var status : statuses) {
                FirstSyncs.of(tx, status.config())
                        .ifPresent(standing -> firstSyncs.put(status.config().id(), standing));
                var id = status.config().id();
                due.put(id, tx.outbox().nextDue(id));
                waiting.put(id, tx.outbox().waiting(id));
            }
            var overdue = tx.outbox().overdue(OutboundResource.sentBefore(clock));
            return new Counts(tx.records().counts(), tx.outbox().counts(), overdue, due, waiting, firstSyncs);
        });
        return statuses.stream().map(status -> view(status, counts)).toList();
    }

    private SystemView view(SystemStatus status, Counts counts) {
        var config = status.config();
        var outbound = new TreeMap<String, Long>();
        counts.outbound().stream()
                .filter(count -> count.system().equals(config.id()))
                .forEach(count -> outbound.put(count.state().name(), count.changes()));
        var now = clock.instant();
        var lag = counts.due().get(config.id()).filter(due -> due.isBefore(now)).map(due -> Duration.between(due, now));
        return new SystemView(
                config.id(),
                config.label(),
                config.connector(),
                status.state(),
                status.lastPoll(),
                status.lastChange(),
                status.problem(),
                SystemView.seconds(config.pollEvery()),
                SystemView.seconds(lag.orElse(null)),
                counts(counts.records().stream()
                        .filter(count -> count.system().equals(config.id()))
                        .toList()),
                outbound,
                counts.waiting().get(config.id()),
                counts.overdue().stream()
                        .filter(overdue -> overdue.system().equals(config.id()))
                        .map(overdue -> new SystemView.Overdue(overdue.changes(), overdue.oldestSentAt()))
                        .findFirst()
                        .orElse(null),
                counts.firstSyncs().get(config.id()),
                undeletes(status));
    }

    private static List<String> undeletes(SystemStatus status) {
        if (status.catalogOrNull() == null) return null;
        var streams = status.catalogOrNull().streams().stream()
                .filter(stream -> stream.can().ops().contains(Op.UNDELETE))
                .map(StreamDef::name)
                .toList();
        return status.config().streams().stream()
                .filter(stream -> stream.write() && streams.contains(stream.stream()))
                .map(StreamMapping::entityType)
                .distinct()
                .sorted()
                .toList();
    }

    static List<SystemView.RecordCount> counts(List<Records.Count> counts) {
        return counts.stream()
                .map(count ->
                        new SystemView.RecordCount(count.system(), count.entityType(), count.state(), count.records()))
                .toList();
    }
}
