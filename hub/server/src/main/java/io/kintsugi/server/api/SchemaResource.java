package io.kintsugi.server.api;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.config.AnswerVersion;
import io.kintsugi.server.config.SchemaAnswer;
import io.kintsugi.server.config.SchemaAnswers;
import io.kintsugi.server.config.SchemaInbox;
import io.kintsugi.server.config.SchemaInbox.Item;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.Systems;
import io.kintsugi.server.engine.schema.Schemas;
import io.kintsugi.server.engine.shared.LiveModel;
import java.util.ArrayList;
import java.util.List;

/** Schemas of systems: what changed, what waits for an answer, and answering it. */
final class SchemaResource {
    private static final Listing<Item> OPEN = Listing.of(Item::id)
            .by("system", item -> String.join(" ", item.system(), item.mapping().stream(), item.field(), item.kind()))
            .by("since", item -> item.since() == null ? "" : Listing.text(item.since()));

    private final HubStore store;
    private final LiveModel model;
    private final Schemas schemas;
    private final Systems systems;
    private final SchemaInbox inbox;
    private final SchemaAnswers answers;

    SchemaResource(Hub hub, SchemaInbox inbox, SchemaAnswers answers) {
        this.store = hub.store();
        this.model = hub.model();
        this.schemas = hub.schemas();
        this.systems = hub.systems();
        this.inbox = inbox;
        this.answers = answers;
    }

    void register(Routes routes) {
        routes.get("/api/v1/schema-changes", this::list);
        routes.get("/api/v1/schema-changes/{id}", call -> Reply.ok(view(load(call.path("id")))));
        routes.post("/api/v1/schema-changes/{id}/answer", this::answer);
        routes.get("/api/v1/systems/{id}/schema", call -> Reply.ok(schema(config(call.path("id")))));
        routes.post("/api/v1/systems/{id}/schema/fields", this::map);
        routes.post("/api/v1/systems/{id}/schema/rollback", this::rollBack);
    }

    private Reply list(Call call) {
        call.oneOf("status", List.of("open"), null);
        var system = call.system();
        var items = inbox.items().stream()
                .filter(item -> system == null || system.equals(item.system()))
                .toList();
        return Reply.ok(PageView.of(OPEN.page(call, items), this::view));
    }

    private SchemaView.Change view(Item item) {
        return SchemaView.Change.of(item, model.published());
    }

    private Item load(String id) {
        return inbox.find(id)
                .orElseThrow(() -> Refused.notFound(
                        "nothing about a schema is open under " + id + "; it was answered, or became as it was"));
    }

    private Reply answer(Call call) {
        var answer = call.body(SchemaView.Answer.class).parsed();
        return goOn(config(answers.answer(call.path("id"), answer, HubApi.LOCAL_USER)));
    }

    private Reply map(Call call) {
        var config = config(call.path("id"));
        var asked = call.body(SchemaView.Mapping.class);
        if (asked.stream() == null || asked.field() == null) throw Refused.badRequest("stream or field is missing");
        var to = new SchemaAnswer.MapTo(asked.attribute(), asked.type(), asked.functions(), asked.write());
        answers.map(config.id(), asked.stream(), asked.field(), to, HubApi.LOCAL_USER);
        return goOn(config(config.id()));
    }

    private Reply rollBack(Call call) {
        long seen = call.revision();
        var config = config(call.path("id"));
        var back = call.body(SchemaView.Back.class);
        if (back.stream() == null || back.version() == null) throw Refused.badRequest("stream or version is missing");
        try {
            answers.rollBack(config.id(), back.stream(), back.version(), seen, HubApi.LOCAL_USER);
        } catch (HubException e) {
            if (e.code() != HubErrorCode.REVISION_CONFLICT) throw e;
            throw Refused.conflict(e, schema(config));
        }
        return goOn(config(config.id()));
    }

    /** What waited for the answer goes on now and not at the next turn. */
    private Reply goOn(SystemConfig config) {
        if (systems.running(config.id())) systems.poll(config.id());
        return Reply.ok(schema(config));
    }

    private SystemConfig config(String id) {
        return model.published()
                .system(id)
                .orElseThrow(() -> Refused.notFound("there is no system \"" + id + "\""
                        + Nearest.hint(
                                id,
                                model.published().systems().stream()
                                        .map(SystemConfig::id)
                                        .toList())));
    }

    private SchemaView.Of schema(SystemConfig config) {
        return new SchemaView.Of(
                config.id(),
                config.streams().stream().map(stream -> stream(config, stream)).toList());
    }

    private SchemaView.Stream stream(SystemConfig config, StreamMapping mapping) {
        var standing = model.standing(config.id(), mapping.stream());
        var known = schemas.fields(config.id(), mapping.stream()).orElse(List.of());
        var fields = new ArrayList<SchemaView.Field>();
        known.forEach(shape -> fields.add(SchemaView.Field.of(shape, mapping, standing)));
        for (var name : standing.suspended()) {
            if (known.stream().noneMatch(shape -> shape.name().equals(name)))
                fields.add(SchemaView.Field.gone(name, mapping));
        }
        var versions = store.read(tx -> AnswerVersion.of(tx, config.id(), mapping.stream()));
        return new SchemaView.Stream(
                mapping.stream(),
                mapping.entityType(),
                fields,
                schemas.answers(config.id(), mapping.stream()).stream()
                        .map(SchemaView.Answered::of)
                        .toList(),
                versions.isEmpty() ? 0 : versions.get(0).version(),
                versions.stream().map(SchemaView.Version::of).toList());
    }
}
