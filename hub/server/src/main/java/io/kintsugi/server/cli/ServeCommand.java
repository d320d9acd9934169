package io.kintsugi.server.cli;

import io.kintsugi.server.Wiring;
import io.kintsugi.server.api.HubApi;
import io.kintsugi.server.security.LocalAccess;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the hub until the process is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {"Run the hub: read the systems, resolve, write back, and show it all in the browser.", ""},
        footer = {
            "",
            "The hub listens on this machine only. Ctrl-C stops it cleanly; what was acknowledged survives any other end, too.",
            "",
            "Examples:",
            "  kintsugi serve",
            "  kintsugi serve --config kintsugi.yaml --port 8080",
            "  KINTSUGI_NEO4J_PASSWORD=... kintsugi serve --uri neo4j+s://graph.example.org"
        })
public final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions hub;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the API and the web UI, 0 for any free one; default 7070.")
    private Integer port;

    @Override
    public Integer call() throws InterruptedException {
        if (port != null && (port < 0 || port > 65535)) {
            throw new ParameterException(spec.commandLine(), "--port must be from 0 to 65535, not " + port);
        }
        var out = spec.commandLine().getOut();
        var settings = hub.settings(port == null ? Map.of() : Map.of("KINTSUGI_PORT", port.toString()));
        HubApi.requirePlace(settings.host(), settings.port()); // before the graph, which takes a while
        out.println("Starting with "
                + (settings.neo4jUri() == null
                        ? "the embedded Neo4j in "
                                + settings.data().resolve("neo4j").toAbsolutePath()
                        : "Neo4j at " + settings.neo4jUri())
                + " ...");
        var wiring = Wiring.open(settings);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            wiring.close();
                            stopped.countDown();
                        },
                        "shutdown"));
        var listening = false;
        try {
            int chosen = wiring.serve();
            wiring.start();
            listening = true;
            long took = System.currentTimeMillis()
                    - ManagementFactory.getRuntimeMXBean().getStartTime();
            out.printf(
                    "Kintsugi is ready after %.1f s: http://%s:%d%n",
                    took / 1000.0, LocalAccess.inUrl(settings.host()), chosen);
            out.println("The graph, for reading by hand: " + wiring.graph());
            var systems = wiring.hub().model().get().systems();
            out.println(
                    systems.isEmpty()
                            ? "No system is connected yet; name them in kintsugi.yaml, or bring records in with \"kintsugi load\"."
                            : systems.size()
                                    + (systems.size() == 1 ? " system: " : " systems: ")
                                    + String.join(
                                            ", ",
                                            systems.stream().map(s -> s.id()).toList()));
            out.println("Stop with Ctrl-C.");
            out.flush();
        } finally {
            if (!listening) wiring.close();
        }
        stopped.await(); // the hook ends the process
        return 0;
    }
}
