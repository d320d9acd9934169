package io.kintsugi.server.demo;

import io.kintsugi.server.Wiring;
import io.kintsugi.server.api.HubApi;
import io.kintsugi.server.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes three small systems, runs a hub between them, and tells what to try. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Run a hub between three invented systems: a CRM database, an old billing database and a folder with CSV files.",
            ""
        },
        footer = {
            "",
            "On a terminal it takes commands: edit, csv, outage billing, resume billing, quit. "
                    + "Without one it changes a customer now and then, so that the page lives, until Ctrl-C.",
            "",
            "Examples:",
            "  kintsugi demo",
            "  kintsugi demo --story",
            "  kintsugi demo --port 8080 --data /tmp/demo --records 20000"
        })
public final class DemoCommand implements Callable<Integer> {
    private static final long SEED = 2024;
    private static final int LEAST = 100;
    private static final int MOST = 200_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "7070",
            description = "Port of the API and the web UI, 0 for any free one; default ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "kintsugi-demo",
            description =
                    "Folder of the systems and the hub; a second start goes on from there. Default ./${DEFAULT-VALUE}.")
    private Path data;

    @Option(names = "--fresh", description = "Begin anew: what an earlier demo left in the folder is deleted.")
    private boolean fresh;

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "2000",
            description =
                    "About how many records the three systems have together; default ${DEFAULT-VALUE}. Only for new systems.")
    private int records;

    @Option(
            names = "--story",
            description = {
                "Instead tell the story of an outage in six acts, between three simulated systems: what people do meanwhile, "
                        + "how all are brought into step again, and how a merge is undone. Always begins anew."
            })
    private boolean story;

    @Option(names = "--no-live", description = "Change nothing by itself.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        if (records < LEAST || records > MOST) {
            throw new ParameterException(spec.commandLine(), "--records must be from " + LEAST + " to " + MOST);
        }
        if (port < 0 || port > 65535) {
            throw new ParameterException(spec.commandLine(), "--port must be from 0 to 65535, not " + port);
        }
        var out = spec.commandLine().getOut();
        HubApi.requirePlace("127.0.0.1", port); // before anything is made or deleted
        if (story) return new StoryTeller(out, port, data).tell();
        var folder = new DemoFolder(data);
        if (fresh) folder.clear();
        boolean made = folder.create(SEED, records);
        out.println(
                made ? "Made three systems in " + folder.path("") : "Going on with the systems in " + folder.path(""));
        out.println("Starting the graph and the hub ...");
        var wiring = Wiring.open(settings(folder));
        var stop = new CountDownLatch(1);
        var hook = new Thread(
                () -> {
                    stop.countDown();
                    wiring.close();
                },
                "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try (var systems = new DemoSystems(folder)) {
            var url = "http://127.0.0.1:" + wiring.serve();
            wiring.start();
            out.println("The hub is at " + url + " - open it and watch it fill.");
            var guide = new Guide(out, folder, wiring.hub(), systems, stop);
            if (guide.awaitRest()) {
                guide.tell(url);
                if (onTerminal()) guide.converse(System.console().reader());
                else if (quiet) stop.await();
                else guide.live();
            }
        } finally {
            if (stop.getCount() == 0) hook.join(); // the process ends anyway; let it end well
            else wiring.close();
        }
        return 0;
    }

    private Settings settings(DemoFolder folder) {
        var environment = new HashMap<>(System.getenv());
        environment.put("KINTSUGI_PORT", Integer.toString(port));
        environment.remove("KINTSUGI_DATA"); // of another hub; the demo has its own
        return folder.settings(environment);
    }

    private static boolean onTerminal() {
        return System.console() != null && System.getenv("TERM") != null;
    }
}
