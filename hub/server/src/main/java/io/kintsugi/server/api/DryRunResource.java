package io.kintsugi.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.config.DryRuns;
import io.kintsugi.server.config.ModelReader;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.engine.dryrun.DryChange;
import io.kintsugi.server.engine.dryrun.DryReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Dry runs: what a change would lead to, before it is made. */
final class DryRunResource {
    private static final String ALL = "/api/v1/dry-runs";
    private static final String ONE = ALL + "/{id}";
    private static final long PATIENCE_MILLIS = 1_000;
    private static final List<String> KINDS =
            Stream.of(DryChange.Kind.values()).map(Enum::name).toList();
    private static final List<String> DOCUMENTS = List.of("entity", "matching", "authority", "deletes", "system");

    private final DryRuns runs;

    /**
     * @param system of a SYSTEM, else null
     * @param documents of DOCUMENTS, else null: by kind and name, each YAML as a text or the same as JSON
     * @param change id of what an ANSWER is about, else null
     * @param answer of an ANSWER, else null
     * @param stream of a ROLLBACK, else null; with {@code version}, and with {@code seen}, the version that is in force
     */
    record Asked(
            DryRuns.Kind kind,
            String system,
            Map<String, Map<String, JsonNode>> documents,
            String change,
            SchemaView.Answer answer,
            String stream,
            Long version,
            Long seen) {}

    /** @param systems by system and kind of change; {@code listed} is how many changes can be read */
    record Found(
            Instant asOf,
            Map<String, Map<DryChange.Kind, Long>> systems,
            Map<DryChange.Kind, Long> hub,
            DryReport.Goldens goldens,
            long underWay,
            List<DryReport.Stream> streams,
            List<DryReport.Warning> warnings,
            long listed,
            long more) {
        static Found of(DryReport report) {
            return new Found(
                    report.asOf(),
                    new TreeMap<>(report.systems()),
                    new TreeMap<>(report.hub()),
                    report.goldens(),
                    report.underWay(),
                    report.streams(),
                    report.warnings(),
                    report.changes().size(),
                    report.more());
        }
    }

    /** @param found null until it is done */
    record View(
            String id,
            DryRuns.Kind kind,
            String about,
            DryRuns.State state,
            String stage,
            long done,
            long total,
            Instant startedAt,
            Instant endedAt,
            String problem,
            Found found) {
        static View of(DryRuns.Status status) {
            return new View(
                    status.id(),
                    status.kind(),
                    status.about(),
                    status.state(),
                    status.stage() == null ? null : status.stage().name(),
                    status.done(),
                    status.total(),
                    status.startedAt(),
                    status.endedAt(),
                    status.problem(),
                    status.report() == null ? null : Found.of(status.report()));
        }
    }

    DryRunResource(DryRuns runs) {
        this.runs = runs;
    }

    void register(Routes routes) {
        routes.ask(ALL, this::begin);
        routes.get(ONE, call -> Reply.ok(View.of(load(call))));
        routes.get(ONE + "/changes", this::changes);
        routes.ask(ONE + "/cancel", call -> {
            runs.cancel(load(call).id());
            return Reply.accepted(View.of(load(call)));
        });
    }

    private Reply begin(Call call) {
        var asked = call.body(Asked.class);
        if (asked.kind() == null)
            throw Refused.badRequest("say which kind of dry run: " + List.of(DryRuns.Kind.values()));
        try {
            return Reply.ok(View.of(begin(asked)));
        } catch (HubException e) { // what is wrong with a draft is the caller's to mend
            if (e.code() != HubErrorCode.BAD_CONFIGURATION) throw e;
            throw new HubException(HubErrorCode.UNPROCESSABLE, e.getMessage(), e);
        }
    }

    private DryRuns.Status begin(Asked asked) {
        boolean system = asked.kind() == DryRuns.Kind.SYSTEM || asked.kind() == DryRuns.Kind.ROLLBACK;
        if (system != (asked.system() != null)
                || (asked.kind() == DryRuns.Kind.DOCUMENTS) != (asked.documents() != null)) {
            throw Refused.badRequest(
                    "a dry run of kind SYSTEM or ROLLBACK names a system, one of kind DOCUMENTS brings documents");
        }
        return switch (asked.kind()) {
            case SYSTEM -> runs.ofSystem(asked.system(), PATIENCE_MILLIS);
            case DOCUMENTS -> runs.ofDocuments(documents(asked.documents()), PATIENCE_MILLIS);
            case ANSWER -> {
                if (asked.change() == null || asked.answer() == null)
                    throw Refused.badRequest("a dry run of kind ANSWER names change and answer");
                yield runs.ofAnswer(asked.change(), asked.answer().parsed(), PATIENCE_MILLIS);
            }
            case ROLLBACK -> {
                if (asked.stream() == null || asked.version() == null || asked.seen() == null)
                    throw Refused.badRequest("a dry run of kind ROLLBACK names system, stream, version and seen");
                yield runs.ofRollback(asked.system(), asked.stream(), asked.version(), asked.seen(), PATIENCE_MILLIS);
            }
        };
    }

    private static Documents documents(Map<String, Map<String, JsonNode>> asked) {
        var documents = new TreeMap<String, Map<String, String>>();
        asked.forEach((kind, named) -> {
            if (!DOCUMENTS.contains(kind)) {
                throw Refused.badRequest(
                        "there is no kind of document \"" + kind + "\"" + Nearest.hint(kind, DOCUMENTS));
            }
            var bodies = new TreeMap<String, String>();
            named.forEach((name, body) -> bodies.put(name, body.isTextual() ? body.asText() : ModelReader.yaml(body)));
            documents.put(kind, bodies);
        });
        return new Documents(documents);
    }

    private DryRuns.Status load(Call call) {
        var id = call.path("id");
        return runs.find(id)
                .orElseThrow(() -> Refused.notFound("there is no dry run " + id
                        + "; the last few are remembered until the hub stops, so begin it again"));
    }

    private Reply changes(Call call) {
        var report = load(call).report();
        var system = call.text("system");
        var kind = call.oneOf("kind", KINDS, null);
        var changes = report == null ? List.<DryChange>of() : report.changes();
        int limit = call.limit();
        var shown = new ArrayList<DryChange>();
        int at = place(call.cursor(), changes.size());
        for (; at < changes.size() && shown.size() < limit; at++) {
            var change = changes.get(at);
            boolean wanted = (system == null || system.equals(change.system()))
                    && (kind == null || kind.equals(change.kind().name()));
            if (wanted) shown.add(change);
        }
        return Reply.ok(new PageView<>(shown, at < changes.size() ? Integer.toString(at) : null));
    }

    /** The list of a dry run does not change, so the cursor is a number. */
    private static int place(String cursor, int size) {
        if (cursor == null) return 0;
        try {
            int place = Integer.parseInt(cursor);
            if (place >= 0 && place <= size) return place;
        } catch (NumberFormatException e) {
            // answered below
        }
        throw Refused.badRequest("the cursor is not one of this list; begin without a cursor");
    }
}
