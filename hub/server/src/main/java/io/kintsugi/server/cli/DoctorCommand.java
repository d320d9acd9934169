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

/** Checks whether a hub could run here with its systems, and says how to mend what is in the way. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Check Java, memory, disk, port, the graph, the configuration and each system, and say how to mend what is wrong.",
            ""
        },
        footer = {
            "",
            "Changes nothing that lasts, and writes to no system. Exit code 1 if something is wrong.",
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
                    out.printf("%-5s %-14s %s%n", finding.level(), finding.subject(), finding.found());
                    if (finding.mend() != null) out.printf("%-5s %-14s -> %s%n", "", "", finding.mend());
                    out.flush();
                });
        out.println(well ? "A hub can run here." : "Mend what says FAIL, then ask again.");
        return well ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
