package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
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

    static void print(PrintWriter out, JsonNode answer) {
        out.println(answer.toPrettyString());
        out.flush();
    }

    /** A text of the hub, fit for a terminal; a dash if it is not there. */
    static String text(JsonNode node, String field) {
        var value = node.path(field);
        return value.isMissingNode() || value.isNull() ? "-" : CliText.printable(value.asText());
    }
}
