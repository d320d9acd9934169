package io.kintsugi.server.demo;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.Wiring;
import io.kintsugi.server.config.Settings;
import io.kintsugi.server.connector.Connectors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Tells the {@link Story} to whoever runs it, with a hub and a graph of its own that begin empty each time. */
final class StoryTeller {
    /** Where it keeps what it makes, in the folder of the demo. */
    static final String FOLDER = "story";

    private static final String FILE = "story.yaml";
    private static final Set<String> OWN = Set.of("hub", FILE);

    private final PrintWriter out;
    private final int port;
    private final Path folder;
    private final BufferedReader inputOrNull;

    /** @param data the folder of the demo */
    StoryTeller(PrintWriter out, int port, Path data) {
        this.out = out;
        this.port = port;
        this.folder = data.toAbsolutePath().normalize().resolve(FOLDER);
        boolean terminal = System.console() != null && System.getenv("TERM") != null;
        this.inputOrNull = terminal ? new BufferedReader(System.console().reader()) : null;
    }

    /** Tells it until it was heard often enough. Returns the exit code. */
    int tell() throws IOException, InterruptedException {
        while (once()) out.println("From the beginning ...");
        return 0;
    }

    /** @return whether to tell it again */
    private boolean once() throws IOException, InterruptedException {
        clear(folder);
        Files.createDirectories(folder);
        var file = Files.writeString(folder.resolve(FILE), configuration(folder));
        var environment = new HashMap<>(System.getenv());
        environment.put("KINTSUGI_PORT", Integer.toString(port));
        environment.remove("KINTSUGI_DATA"); // of another hub
        var settings = Settings.read(file, environment);
        var clock = new StoryClock();
        var world = new StoryWorld(clock);
        var connectors =
                new Connectors(List.of(world), clock, folder.resolve("hub").resolve("connectors"));
        out.println("Starting the graph and the hub ...");
        var wiring = Wiring.open(settings, connectors, clock);
        var stop = new CountDownLatch(1);
        var hook = new Thread(
                () -> {
                    stop.countDown();
                    wiring.close();
                },
                "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            var url = "http://127.0.0.1:" + wiring.serve();
            wiring.start();
            out.println("The hub is at " + url + ". Its clock runs ahead when the story says that hours pass,"
                    + " and its pages go by that clock.");
            var acts = new Story(world, new StoryTime(wiring.hub(), world), url, out).acts();
            for (int i = 0; i < acts.size(); i++) {
                if (i > 0 && !goOn("Enter for the next act, or quit: ")) return false;
                out.printf("%n%d of %d: %s%n", i + 1, acts.size(), acts.get(i).title());
                acts.get(i).play().run();
            }
            out.println();
            if (inputOrNull != null)
                return goOn("That was it; look around at " + url + ". Enter to begin anew, or quit: ");
            out.println("That was it; look around at " + url + ". Stop with Ctrl-C.");
            stop.await();
            return false;
        } finally {
            if (stop.getCount() == 0) hook.join(); // the process ends anyway; let it end well
            else {
                Runtime.getRuntime().removeShutdownHook(hook);
                wiring.close();
            }
        }
    }

    /** Without a terminal the acts follow one another. */
    private boolean goOn(String question) throws IOException {
        if (inputOrNull == null) return true;
        out.println();
        out.print(question);
        out.flush();
        var line = inputOrNull.readLine();
        return line != null && !line.strip().toLowerCase(Locale.ROOT).startsWith("q");
    }

    static String configuration(Path folder) {
        return StoryWorld.resource(FILE).replace("${folder}", folder.toString().replace('\\', '/'));
    }

    /** Removes what a story before left, and nothing else. */
    private static void clear(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (var found = Files.list(folder)) {
            var foreign = found.filter(path -> !OWN.contains(path.getFileName().toString()))
                    .findFirst();
            if (foreign.isPresent()) {
                throw new HubException(
                        HubErrorCode.BAD_CONFIGURATION,
                        folder + " holds " + foreign.get().getFileName()
                                + ", which no story made; name another folder with --data");
            }
        }
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
