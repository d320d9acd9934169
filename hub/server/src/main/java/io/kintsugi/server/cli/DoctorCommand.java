package io.kintsugi.server.cli;

import io.kintsugi.server.Checkup;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks whether a hub could run here, and says how to mend what is in the way. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Check Java, memory, disk, port, configuration and the graph, and say how to mend what is wrong.",
            ""
        },
        footer = {
            "",
            "Changes nothing that lasts. Exit code 1 if a hub could not run.",
            "",
            "Examples:",
            "  kintsugi doctor",
            "  kintsugi doctor --config kintsugi.yaml --data /var/lib/kintsugi"
        })
public final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Option(names = "--port", paramLabel = "N", description = "Port the hub is to listen on; default 7070.")
    private Integer port;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        boolean well = Checkup.run(
                () -> hub.settings(port == null ? Map.of() : Map.of("KINTSUGI_PORT", port.toString())), finding -> {
                    out.printf("%-5s %-14s %s%n", finding.ok() ? "OK" : "FAIL", finding.subject(), finding.found());
                    if (!finding.ok()) out.printf("%-5s %-14s -> %s%n", "", "", finding.mend());
                    out.flush();
                });
        out.println(well ? "A hub can run here." : "A hub cannot run here until that is mended.");
        return well ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
