package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Which hub that runs a command asks, and how it shows the answer. */
final class RunningHub {
    /** Exit code of what was done and found that not all is well. */
    static final int NOT_WELL = 3;

    @Option(
            names = "--hub",
            paramLabel = "URL",
            description = "The hub; without it KINTSUGI_HUB of the environment, else http://127.0.0.1:7070.")
    String hub;

    @Option(names = "--json", description = "Print what the API says, for machines.")
    boolean json;

    /** @throws io.kintsugi.core.model.HubException with {@code BAD_REQUEST} if that is no address */
    HubClient client() {
        return new HubClient(hub != null ? hub : System.getenv().getOrDefault("KINTSUGI_HUB", "http://127.0.0.1:7070"));
    }

    /**
     * Changes what must still be as it was seen.
     *
     * @param seen revision or version that was seen
     * @param look command that shows what is there now
     * @throws HubException {@code REVISION_CONFLICT}, with that command, if somebody changed it meanwhile
     */
    static JsonNode post(HubClient client, String path, JsonNode bodyOrNull, long seen, String look) {
        try {
            return client.post(path, bodyOrNull, seen);
        } catch (HubException e) {
            if (e.code() != HubErrorCode.REVISION_CONFLICT) throw e;
            throw new HubException(
                    HubErrorCode.REVISION_CONFLICT,
                    e.getMessage() + ". Nothing was done; \"kintsugi " + look + "\" shows what is there now",
                    e);
        }
    }

    static void print(PrintWriter out, JsonNode answer) {
        out.println(answer.toPrettyString());
        out.flush();
    }

    /** A text of the hub, fit for a terminal; a dash if it is not there. */
    static String text(JsonNode node, String field) {
        var value = node.path(field);
        return value.isMissingNode() || value.isNull() ? "-" : CliText.printable(value.asText());
    }

    /** A constant of the API in words. */
    static String words(JsonNode node, String field) {
        return text(node, field).toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
