package io.kintsugi.server.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.engine.dryrun.DryReport;
import io.kintsugi.server.engine.dryrun.DryRun.Stage;
import io.kintsugi.server.engine.dryrun.DryRun.Watch;
import java.time.Instant;

/** A dry run in a hub that runs. */
final class RemotePlan {
    /** Of reports. */
    static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final long LOOK_EVERY_MILLIS = 200;

    private final HubClient hub;

    RemotePlan(HubClient hub) {
        this.hub = hub;
    }

    DryReport ofSystem(String system, Watch watch) throws InterruptedException {
        return run(asked("SYSTEM").put("system", system), watch);
    }

    DryReport ofDocuments(Documents documents, Watch watch) throws InterruptedException {
        var asked = asked("DOCUMENTS");
        asked.set("documents", JSON.valueToTree(documents.documents()));
        return run(asked, watch);
    }

    /** A dry run to begin, of a kind that the API knows. */
    static ObjectNode asked(String kind) {
        return JsonNodeFactory.instance.objectNode().put("kind", kind);
    }

    /**
     * Begins it and waits.
     *
     * @throws HubException {@code NOT_POSSIBLE} if it failed or somebody cancelled it
     */
    DryReport run(JsonNode asked, Watch watch) throws InterruptedException {
        var run = hub.post("/dry-runs", asked);
        var path = "/dry-runs/" + HubClient.part(run.path("id").asText());
        while (run.path("state").asText().equals("RUNNING")) {
            if (run.hasNonNull("stage"))
                watch.at(
                        Stage.valueOf(run.path("stage").asText()),
                        run.path("done").asLong(),
                        run.path("total").asLong());
            Thread.sleep(LOOK_EVERY_MILLIS);
            run = hub.get(path);
        }
        if (!run.path("state").asText().equals("DONE")) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    run.path("problem").asText("the dry run was cancelled by somebody else; begin it again"));
        }
        var found = run.path("found");
        return new DryReport(
                Instant.parse(found.path("asOf").asText()),
                JSON.convertValue(hub.all(path + "/changes"), new TypeReference<>() {}),
                found.path("more").asLong(),
                JSON.convertValue(found.path("systems"), new TypeReference<>() {}),
                JSON.convertValue(found.path("hub"), new TypeReference<>() {}),
                JSON.convertValue(found.path("goldens"), DryReport.Goldens.class),
                found.path("underWay").asLong(),
                JSON.convertValue(found.path("streams"), new TypeReference<>() {}),
                JSON.convertValue(found.path("warnings"), new TypeReference<>() {}));
    }

    /** The report as JSON. */
    static JsonNode json(DryReport report) {
        return JSON.valueToTree(report);
    }
}
