package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.RecordKey;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says why records are one or are not, how a golden record came to be, and which way a value came. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Say why two records are one or are not, how a golden record came to be, or where one of its values comes from.",
            ""
        },
        footer = {
            "",
            "Asks a hub that runs. A record is named by its key, system:type:id, a golden record by its id, also one that is not in use any "
                    + "more. The bits of what was compared sum to the score: 10 bits more make it a thousand times likelier that two are one.",
            "",
            "Examples:",
            "  kintsugi explain crm:contact:0031 shop:contact:77",
            "  kintsugi explain crm:contact:0031 shop:contact:77 --as-of 2026-11-20T09:14:00Z",
            "  kintsugi explain g-01kdvdprkjsgbmavckyqcz0phm",
            "  kintsugi explain g-01kdvdprkjsgbmavckyqcz0phm phone"
        })
public final class ExplainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "RECORD|GOLDEN",
            description = "The key of a record, or the id of a golden record.")
    private String one;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "RECORD|ATTRIBUTE",
            description = "With a record: another one. With a golden record: one of its attributes, if not all of it.")
    private String other;

    @Mixin
    private RunningHub hub;

    @Option(
            names = "--as-of",
            paramLabel = "INSTANT",
            description = "With two records: by the values, verdicts and rules of then, such as 2026-11-20T09:14:00Z.")
    private String asOf;

    @Override
    public Integer call() {
        if (isRecord(one)) {
            require(other != null, "with what? Name a second record, such as shop:contact:77");
            require(isRecord(other), "\"" + other + "\" is no key of a record, such as shop:contact:77");
            var path = "/explain/link?a=" + HubClient.part(one) + "&b=" + HubClient.part(other);
            return answer(path + (asOf == null ? "" : "&asOf=" + HubClient.part(asOf)), text()::pair);
        }
        require(asOf == null, "--as-of goes with two records");
        require(
                !one.contains(":"),
                "\"" + one + "\" is no key of a record, such as crm:contact:0031, and no id of a golden record");
        if (other == null) return answer("/goldens/" + HubClient.part(one) + "/how", text()::story);
        return answer(
                "/explain/value?golden=" + HubClient.part(one) + "&attribute=" + HubClient.part(other), text()::value);
    }

    private ExplanationText text() {
        return new ExplanationText(spec.commandLine().getOut());
    }

    private int answer(String path, Consumer<JsonNode> text) {
        var answer = hub.client().get(path);
        var out = spec.commandLine().getOut();
        if (hub.json) RunningHub.print(out, answer);
        else text.accept(answer);
        out.flush();
        return ExitCode.OK;
    }

    private static boolean isRecord(String text) {
        try {
            RecordKey.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void require(boolean sensible, String otherwise) {
        if (!sensible) throw new ParameterException(spec.commandLine(), otherwise);
    }
}
