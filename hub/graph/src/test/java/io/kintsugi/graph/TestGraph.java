package io.kintsugi.graph;

import io.kintsugi.core.store.HubStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.neo4j.Neo4jContainer;

/**
 * The one server that all integration tests of a JVM share, started by the first that needs it. The system property
 * {@code kintsugi.test.neo4j} says which: {@code embedded} (the default), {@code docker}, or the URI of one that runs, with user
 * and password as {@code bolt://user:password@host:port}.
 */
public final class TestGraph {
    /**
     * Tests fill and empty the graph all the time, and the server would plan every query anew each ten seconds, because so much of
     * the graph is new. {@link QueriesIT} tells it when to plan.
     */
    private static final List<String> PLANNING = List.of("dbms.cypher.min_replan_interval=1h");

    /** It lives for minutes and answers ten thousands of queries, so it gains by the optimising compiler that short lives do without. */
    private static final String OPTIMISING = "-XX:TieredStopAtLevel=4";

    /** Queries that ran so far. */
    static final Set<Cypher> SEEN = ConcurrentHashMap.newKeySet();

    private static TestGraph shared;

    final String uri;
    final String user;
    final String password;
    private GraphHubStore last;

    private TestGraph(String uri, String user, String password) {
        this.uri = uri;
        this.user = user;
        this.password = password;
    }

    static synchronized TestGraph shared() {
        if (shared == null) {
            shared = start(System.getProperty("kintsugi.test.neo4j", "embedded"));
        }
        return shared;
    }

    private static TestGraph start(String which) {
        switch (which) {
            case "embedded" -> {
                var settings = EmbeddedSettings.of(newFolder("graph")).withMemory(512, 64);
                var server = EmbeddedNeo4j.start(
                        settings, PLANNING, ChildJvm.of(settings.lib()).with(OPTIMISING));
                Runtime.getRuntime().addShutdownHook(new Thread(server::close));
                return new TestGraph(server.uri(), server.user(), server.password());
            }
            case "docker" -> {
                return Docker.start();
            }
            default -> {
                var parts = java.net.URI.create(which);
                var login = parts.getUserInfo().split(":", 2);
                return new TestGraph(which.replace(parts.getUserInfo() + "@", ""), login[0], login[1]);
            }
        }
    }

    /** An empty folder below {@code target}. */
    static Path newFolder(String name) {
        try {
            var target = Files.createDirectories(Path.of("target", "it").toAbsolutePath());
            return Files.createTempDirectory(target, name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A store that holds nothing, until the next call. */
    synchronized GraphHubStore emptyStore() {
        if (last == null || last.isClosed()) { // a new one for each test would take most of its time
            last = openStore();
        }
        empty(last.driver());
        return last;
    }

    /** One more store on the same graph, which the caller closes. */
    GraphHubStore openStore() {
        return GraphHubStore.open(uri, user, password, SEEN::add, () -> {});
    }

    Driver openDriver() {
        return GraphDatabase.driver(uri, org.neo4j.driver.AuthTokens.basic(user, password));
    }

    private static void empty(Driver driver) {
        try (var session = driver.session()) {
            session.run("MATCH (n) WHERE NOT n:_Migration AND NOT n:_MigrationLock "
                            + "CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS")
                    .consume();
        }
    }

    /** Leaves the shared server as a new Neo4j is: without data and without a schema. */
    public static void forgetSchema() {
        try (var driver = shared().openDriver();
                var session = driver.session()) {
            session.run("MATCH (n) DETACH DELETE n").consume();
            for (var row : session.run("SHOW CONSTRAINTS YIELD name").list()) {
                session.run("DROP CONSTRAINT " + row.get("name").asString()).consume();
            }
            for (var row : session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name")
                    .list()) {
                session.run("DROP INDEX " + row.get("name").asString()).consume();
            }
        }
    }

    /** Whether the shared server is as {@link #forgetSchema} leaves it. */
    public static boolean isBare() {
        try (var driver = shared().openDriver();
                var session = driver.session()) {
            long nodes =
                    session.run("MATCH (n) RETURN count(n)").single().get(0).asLong();
            return nodes == 0
                    && session.run("SHOW CONSTRAINTS YIELD name").list().isEmpty();
        }
    }

    /** A store on the shared server that holds nothing; valid until the next call. */
    public static HubStore empty() {
        return shared().emptyStore();
    }

    /** Every property of every node and relationship of the shared server, as text. */
    public static String contents() {
        try (var driver = shared().openDriver();
                var session = driver.session()) {
            var all = new StringBuilder();
            for (var query : List.of(
                    "MATCH (n) RETURN labels(n) AS what, properties(n) AS properties",
                    "MATCH ()-[r]->() RETURN type(r) AS what, properties(r) AS properties")) {
                session.run(query)
                        .forEachRemaining(row -> all.append(row.asMap()).append('\n'));
            }
            return all.toString();
        }
    }

    /** The settings of a hub, as YAML, that uses the shared server. */
    public static String settings() {
        return "neo4j: {uri: '" + shared().uri + "', user: '" + shared().user + "', password: '" + shared().password
                + "'}\n";
    }

    /** Apart, so that modules without Testcontainers on their class path can use the other servers. */
    private static final class Docker {
        static TestGraph start() {
            var password = "a-password-for-tests";
            var container = new Neo4jContainer("neo4j:5.26")
                    .withAdminPassword(password)
                    .waitingFor(Wait.forLogMessage(".*Started\\.\\n", 1));
            container.start();
            Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
            return new TestGraph(container.getBoltUrl(), "neo4j", password);
        }
    }
}
