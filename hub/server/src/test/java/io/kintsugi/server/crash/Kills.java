package io.kintsugi.server.crash;

import io.kintsugi.graph.EmbeddedNeo4j;
import io.kintsugi.graph.EmbeddedSettings;
import io.kintsugi.server.crash.PeopleDatabase.Person;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Kills a hub again and again, as kill -9 does, while people work in two databases and a steward works through the API; then lets it
 * come to rest and looks whether anything is lost or there twice. Either the graph runs beside the hub, so that a start takes seconds,
 * and is killed with it every tenth time; or it is the hub's own child, as {@code serve} has it unless told otherwise, and every other
 * time it is killed too, else it has to notice by itself.
 */
final class Kills implements AutoCloseable {
    private static final Duration REST = Duration.ofMinutes(10);
    private final SplittableRandom random;
    /** Null if the hub has its own. */
    private final EmbeddedNeo4j graph;

    private final List<PeopleDatabase> databases;
    private final HubProcess hub;
    /** What must hold at the end, by e-mail address. Each person is changed in one database alone, so nothing is in doubt. */
    private final Map<String, Person> people = new ConcurrentHashMap<>();

    private final List<String> emails = new ArrayList<>();
    private final Map<String, Integer> homes = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();
    private volatile boolean working = true;
    private volatile Throwable trouble;
    private int edits;
    private volatile int given;
    private int asked;
    private int repeated;
    private int kills;

    /** @param own whether the hub has its graph as a child, in its data folder */
    Kills(Path folder, List<String> program, long seed, boolean own) throws IOException, SQLException {
        random = new SplittableRandom(seed);
        graph = own
                ? null
                : EmbeddedNeo4j.start(
                        EmbeddedSettings.of(folder.resolve("graph")).withMemory(384, 64));
        databases = List.of(
                new PeopleDatabase(folder.resolve("crm.db"), true),
                new PeopleDatabase(folder.resolve("shop.db"), false));
        var config = Files.writeString(
                folder.resolve("kintsugi.yaml"),
                "data: '" + folder.resolve("data") + "'\nsystems:\n"
                        + system("crm", databases.get(0), "{changed: changed, linkKey: hub_key}")
                        + system("shop", databases.get(1), "{linkKey: hub_key}"));
        var environment = own
                ? Map.<String, String>of()
                : Map.of(
                        "KINTSUGI_NEO4J_URI", graph.uri(),
                        "KINTSUGI_NEO4J_USER", graph.user(),
                        "KINTSUGI_NEO4J_PASSWORD", graph.password());
        hub = new HubProcess(HubProcess.command(program, config), environment, folder.resolve("hub.log"));
    }

    private static String system(String id, PeopleDatabase database, String table) {
        return """
                  %s:
                    connector: jdbc
                    pollEvery: 1s
                    settings:
                      url: '%s'
                      streams:
                        people: %s
                    streams:
                      people:
                        entity: contact
                        provision: true
                        linkKey: hub_key
                        fields: {first: firstName, last: lastName, email: email, city: city, company: company}
                """.formatted(id, database.url(), table);
    }

    // people

    private void work() {
        var mine = random.split();
        try {
            while (working) {
                if (emails.size() < 20 || mine.nextInt(12) == 0 && emails.size() < 300) create(mine);
                else edit(mine);
                Thread.sleep(20 + mine.nextInt(200));
            }
        } catch (SQLException | InterruptedException e) {
            trouble = e;
        }
    }

    private void create(SplittableRandom mine) throws SQLException {
        int n = emails.size();
        var person = new Person(name(n), name(n * 7919 + 5), "p" + n + "@example.org", "Town 0", null);
        homes.put(person.email(), mine.nextInt(2));
        people.put(person.email(), person);
        databases.get(homes.get(person.email())).create(person);
        synchronized (emails) {
            emails.add(person.email());
        }
    }

    private void edit(SplittableRandom mine) throws SQLException {
        var email = emails.get(mine.nextInt(emails.size()));
        var city = "Town " + ++edits;
        people.computeIfPresent(email, (e, p) -> new Person(p.first(), p.last(), p.email(), city, p.company()));
        databases.get(homes.get(email)).move(email, city);
    }

    /** Names that are not alike. */
    private static String name(int n) {
        var text = new StringBuilder();
        for (long rest = Integer.toUnsignedLong(n * 0x9E3779B9) + 26; rest > 0; rest /= 26) {
            text.append((char) ('a' + rest % 26));
        }
        return text.toString();
    }

    /** A steward says a value and says it again until it was acknowledged, through all deaths of the hub. */
    private void steward() {
        var mine = random.split();
        while (working) {
            try {
                Thread.sleep(100 + mine.nextInt(400));
                if (emails.isEmpty()) continue;
                String email;
                synchronized (emails) {
                    email = emails.get(mine.nextInt(emails.size()));
                }
                give(email, "Company " + (given + 1));
            } catch (IOException e) {
                // the hub is dead; another value then
            } catch (InterruptedException e) {
                trouble = e;
            }
        }
    }

    private void give(String email, String company) throws IOException, InterruptedException {
        var id = ids.get(email);
        if (id == null) {
            var found = hub.get("/api/v1/goldens?type=contact&attribute.email=" + email)
                    .get("items");
            if (found.isEmpty()) return;
            id = found.get(0).get("id").asText();
            ids.put(email, id); // for ever, whatever becomes of it
        }
        var path = "/api/v1/goldens/" + id;
        for (int attempt = 0; attempt < 20; attempt++) {
            var revision = '"' + hub.get(path).get("revision").asText() + '"';
            int status = insist(path + "/values/company", company, revision, "give-" + ++asked);
            if (status == 200) {
                given++;
                people.computeIfPresent(email, (e, p) -> new Person(p.first(), p.last(), p.email(), p.city(), company));
                return;
            }
            if (status != 409) throw new IllegalStateException("giving a value answers " + status);
        }
    }

    /** Sends the same request until it is answered: what was done before an answer was lost is not done again. */
    private int insist(String path, String value, String revision, String key) throws InterruptedException {
        var body = Map.of("value", value, "lifeCycle", "FOREVER");
        while (true) {
            try {
                int status = hub.put(path, body, revision, key);
                if (status < 500) return status;
            } catch (IOException e) {
                // the hub died meanwhile
            }
            repeated++;
            Thread.sleep(200);
        }
    }

    // death

    private void die(int times, Duration most) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (kills < times && System.nanoTime() - begin < most.toNanos()) {
            hub.start();
            switch (random.nextInt(4)) {
                case 0 -> Thread.sleep(500 + random.nextInt(4_000)); // while it starts
                case 1 -> {
                    awaitHealthy();
                    awaitGiven(1, 30); // just after it said yes, on a machine on which that takes long too
                    Thread.sleep(random.nextInt(300));
                }
                default -> {
                    awaitHealthy();
                    Thread.sleep(300 + random.nextLong(4_000));
                }
            }
            if (!hub.alive()) throw new IllegalStateException("the hub ended by itself");
            kill();
            if (kills % 10 == 0) System.out.printf("%d kills, %d edits, %d values given%n", kills, edits, given);
            if (trouble != null) throw new IllegalStateException("people cannot work", trouble);
        }
    }

    private void kill() throws InterruptedException {
        kills++;
        if (graph == null && kills % 2 == 0) {
            hub.killAlone();
            return;
        }
        hub.kill();
        if (graph == null || kills % 10 > 0) return;
        ProcessHandle.of(graph.pid()).ifPresent(ProcessHandle::destroyForcibly);
        while (graph.alive()) Thread.sleep(50);
        graph.restart();
    }

    private void awaitHealthy() throws InterruptedException {
        for (int i = 0; !hub.healthy(); i++) {
            if (i > 6_000 || !hub.alive()) throw new IllegalStateException("the hub does not come up, see its log");
            Thread.sleep(100);
        }
    }

    private void awaitGiven(int more, int seconds) throws InterruptedException {
        int enough = given + more;
        for (int i = 0; i < 20 * seconds && given < enough; i++) Thread.sleep(50);
    }

    /** What came of it. */
    record Result(int kills, int people, int edits, int given, int repeated, Duration toRest, List<String> faults) {}

    Result live(int times, Duration most) throws IOException, InterruptedException, SQLException {
        var threads = List.of(new Thread(this::work, "people"), new Thread(this::steward, "steward"));
        for (var thread : threads) {
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((t, e) -> trouble = e);
            thread.start();
        }
        die(times, most);
        hub.start();
        awaitHealthy();
        awaitGiven(5, 60); // an unharmed life, at last
        working = false;
        for (var thread : threads) thread.join();
        long begin = System.nanoTime();
        var faults = faults();
        while (!faults.isEmpty() && System.nanoTime() - begin < REST.toNanos()) {
            Thread.sleep(500);
            faults = faults();
        }
        var took = Duration.ofNanos(System.nanoTime() - begin);
        Thread.sleep(5_000); // nothing may come later either
        if (faults.isEmpty()) faults = faults();
        for (var system : hub.get("/api/v1/systems").get("items")) {
            if (!system.path("state").asText().equals("RUNNING")) faults.add("system is not running: " + system);
        }
        return new Result(kills, people.size(), edits, given, repeated, took, faults);
    }

    /** Where what there is differs from what people were told; each database must hold everybody once, as they are. */
    private List<String> faults() throws SQLException {
        var faults = new ArrayList<String>();
        for (int i = 0; i < databases.size(); i++) {
            var found = new TreeMap<String, Person>();
            for (var row : databases.get(i).all()) {
                if (found.put(row.email(), row) != null) faults.add(row.email() + " is twice in database " + i);
            }
            for (var person : people.values()) {
                var row = found.remove(person.email());
                if (!person.equals(row)) faults.add("database " + i + " has " + row + ", it should be " + person);
            }
            found.keySet().forEach(email -> faults.add("nobody made " + email));
        }
        try {
            long goldens =
                    hub.get("/api/v1/stats").path("goldens").path("contact").asLong();
            if (goldens != people.size()) faults.add(goldens + " golden records of " + people.size() + " people");
        } catch (IOException e) {
            faults.add("the hub does not answer: " + e.getMessage());
        }
        return faults;
    }

    @Override
    public void close() throws SQLException {
        working = false;
        hub.close();
        for (var database : databases) database.close();
        if (graph != null) graph.close();
    }

    /**
     * Takes how many kills, a new folder, the jar of a hub ({@code classes} for those of this process), after how many minutes to stop
     * killing, a seed, and {@code own} for a hub with a graph of its own. Exit code 1 if anything was lost or is there twice.
     */
    public static void main(String[] args) throws Exception {
        var folder = Files.createDirectories(Path.of(args[1])).toAbsolutePath();
        var program = args.length > 2 && !args[2].equals("classes") ? List.of("-jar", args[2]) : HubProcess.classes();
        boolean clean;
        var most = Duration.ofMinutes(args.length > 3 ? Long.parseLong(args[3]) : 24 * 60);
        long seed = args.length > 4 ? Long.parseLong(args[4]) : 1;
        try (var kills = new Kills(folder, program, seed, args.length > 5 && args[5].equals("own"))) {
            var result = kills.live(Integer.parseInt(args[0]), most);
            System.out.println(result);
            clean = result.faults().isEmpty();
        }
        System.exit(clean ? 0 : 1);
    }
}
