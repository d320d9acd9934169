package io.kintsugi.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/reference/commands.md is what the commands say of themselves. Run with -Dkintsugi.docs.write=true to write it anew. */
class CommandReferenceTest {
    private static final Path PAGE = Path.of("../../docs/reference/commands.md");
    private static final List<String> COMMANDS = List.of(
            "serve",
            "demo",
            "match",
            "load",
            "export",
            "plan",
            "systems",
            "audit",
            "reviews",
            "deletes",
            "erasures",
            "merges",
            "explain",
            "writes",
            "policies",
            "schema",
            "recovery",
            "bench",
            "doctor");

    @Test
    void thePageIsWhatTheCommandsSay() throws Exception {
        var page = new StringBuilder("""
                # Commands

                `java -jar hub/server/target/kintsugi.jar COMMAND`, called `kintsugi COMMAND` here. Exit code: 0 done, 1 failed, 2 the
                command makes no sense, 3 done, and not all is well: `systems` where one waits for approval, `audit` where a system is not in
                step, `reviews` and `deletes` where a person is asked, `erasures` where one is not complete, `writes` where one is parked or
                overdue, `schema` where a change waits for an answer, `recovery` where one is under way, something is not equal or a system
                was left out.
                This page is what `--help` says.

                `systems`, `audit`, `reviews`, `deletes`, `erasures`, `merges`, `explain`, `writes`, `policies`, `schema`, `recovery` and `plan --hub` ask a
                hub that runs, on this machine; the others work on files or on the data of a hub that is stopped.
                """);
        for (var command : COMMANDS) {
            page.append("\n## ")
                    .append(command)
                    .append("\n\n```\n")
                    .append(help(command))
                    .append("```\n");
        }
        if (Boolean.getBoolean("kintsugi.docs.write")) Files.writeString(PAGE, page);
        assertThat(Files.readString(PAGE))
                .as("docs/reference/commands.md is stale; run this test with -Dkintsugi.docs.write=true")
                .isEqualTo(page.toString());
    }

    private static String help(String command) {
        var out = new StringWriter();
        assertThat(Main.run(new PrintWriter(out, true), new PrintWriter(out, true), command, "--help"))
                .isZero();
        return out.toString().replace("\r\n", "\n").replaceAll("(?m)[ \\t]+$", "");
    }
}
