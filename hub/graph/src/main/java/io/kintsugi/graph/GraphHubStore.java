package io.kintsugi.graph;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.BookmarkManagerConfig;
import org.neo4j.driver.BookmarkManagers;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Logging;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.TransactionConfig;
import org.neo4j.driver.exceptions.AuthenticationException;
import org.neo4j.driver.exceptions.ClientException;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.exceptions.RetryableException;
import org.neo4j.driver.exceptions.SecurityException;
import org.neo4j.driver.exceptions.ServiceUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of the hub in Neo4j. Transactions that meet a deadlock or a lost connection are run again, for up to thirty seconds.
 *
 * <p>Thread-safe; one per hub. Needs Neo4j 5.26 or a version of 2025 or 2026, of whatever edition.
 */
public final class GraphHubStore implements HubStore {
    private static final Logger LOG = LoggerFactory.getLogger(GraphHubStore.class);
    private static final Pattern UNDERSTOOD = Pattern.compile("5\\.(2[6-9]|[3-9][0-9])\\b.*|202[56]\\..*");

    private static final String CONSTRAINT_FAILED = "Neo.ClientError.Schema.ConstraintValidationFailed";
    private static final String NO_DATABASE = "Neo.ClientError.Database.DatabaseNotFound";
    private static final String TIMED_OUT = "Neo.ClientError.Transaction.TransactionTimedOut";
    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long PATIENCE_MILLIS = 30_000;
    /** Whoever waits longer for a lock, waits for something that hangs. */
    private static final TransactionConfig LIMITS =
            TransactionConfig.builder().withTimeout(Duration.ofMinutes(3)).build();

    private final Driver driver;
    private final Address address;
    private volatile Sessions sessions;
    private final Consumer<Cypher> watcher;
    private final AutoCloseable server;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param databaseOrNull null for the database that the server gives the user */
    private record Address(String uri, String user, String password, String databaseOrNull) {
        SessionConfig.Builder session() {
            var session = SessionConfig.builder();
            return databaseOrNull == null ? session : session.withDatabase(databaseOrNull);
        }
    }

    private GraphHubStore(Driver driver, Address address, Consumer<Cypher> watcher, AutoCloseable server) {
        this.driver = driver;
        this.watcher = watcher;
        this.server = server;
        this.address = address;
        sessions = sessions();
    }

    /** How one database is spoken to, and what is remembered of it. */
    private record Sessions(SessionConfig reading, SessionConfig writing, NumberBlock versions) {}

    private Sessions sessions() {
        var bookmarks = BookmarkManagers.defaultManager(
                BookmarkManagerConfig.builder().build()); // what one thread wrote, the next one reads
        return new Sessions(
                address.session()
                        .withDefaultAccessMode(AccessMode.READ)
                        .withBookmarkManager(bookmarks)
                        .build(),
                address.session().withBookmarkManager(bookmarks).build(),
                new NumberBlock(this::reserveVersions));
    }

    /**
     * Starts a Neo4j of its own and connects to it. The server stops with {@link #close()} or with this process, and is started
     * again if it dies.
     *
     * @throws HubException as {@link EmbeddedNeo4j#start}
     */
    public static GraphHubStore embedded(EmbeddedSettings settings) {
        var server = EmbeddedNeo4j.start(settings);
        server.onDeath(death -> {
            LOG.error("{}; starting it again", death.getMessage());
            try {
                server.restart();
                LOG.info("the embedded Neo4j is back");
            } catch (HubException e) {
                LOG.error("the embedded Neo4j did not come back; restart the hub", e);
            }
        });
        try {
            return open(server.uri(), server.user(), server.password(), query -> {}, server);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Connects to a Neo4j that somebody else runs and brings its schema up to date. Two hubs may do so at the same time.
     *
     * @param uri for example {@code bolt://localhost:7687}, or {@code neo4j+s://…} for a cluster or Aura
     * @param databaseOrNull database of that server; null for the one that the server gives the user
     * @throws HubException with {@code UNAVAILABLE} if nothing answers there; {@code BAD_CONFIGURATION} if the URI, user, password or
     *     database is wrong, the version of the server is not understood, or a newer hub made the schema
     */
    public static GraphHubStore connect(String uri, String user, String password, String databaseOrNull) {
        return open(new Address(uri, user, password, databaseOrNull), query -> {}, () -> {}, true);
    }

    /** Connects like {@link #connect(String, String, String, String)} to the database that the server gives the user. */
    public static GraphHubStore connect(String uri, String user, String password) {
        return connect(uri, user, password, null);
    }

    /**
     * Connects like {@link #connect(String, String, String, String)} and changes nothing: the schema stays as it is found, so this store is for reading only.
     *
     * @throws HubException as {@link #connect(String, String, String, String)}
     */
    public static GraphHubStore look(String uri, String user, String password, String databaseOrNull) {
        return open(new Address(uri, user, password, databaseOrNull), query -> {}, () -> {}, false);
    }

    /** @param watcher sees every query before it runs, also those that run again */
    static GraphHubStore open(
            String uri, String user, String password, Consumer<Cypher> watcher, AutoCloseable server) {
        return open(new Address(uri, user, password, null), watcher, server, true);
    }

    private static GraphHubStore open(
            Address address, Consumer<Cypher> watcher, AutoCloseable server, boolean migrating) {
        var driver = driver(address.uri(), address.user(), address.password());
        try {
            requireUnderstood(address, driver);
            if (migrating) new Migrations(driver, address.session().build(), Migrations.shipped()).apply();
            return new GraphHubStore(driver, address, watcher, server);
        } catch (RuntimeException e) {
            driver.close();
            throw refusal(address, e);
        }
    }

    @SuppressWarnings(
            "deprecation") // the default logging formats every message with all its values, even if nobody logs it
    private static Driver driver(String uri, String user, String password) {
        try {
            return GraphDatabase.driver(
                    uri,
                    AuthTokens.basic(user, password),
                    Config.builder()
                            .withTelemetryDisabled(true)
                            .withMaxTransactionRetryTime(0, TimeUnit.SECONDS)
                            .withLogging(Logging.slf4j())
                            .withUserAgent("kintsugi")
                            .build());
        } catch (IllegalArgumentException | ClientException e) {
            throw new HubException(
                    HubErrorCode.BAD_CONFIGURATION,
                    "the Neo4j address " + uri + " is not understood; write it like bolt://host:7687 or neo4j+s://host",
                    e);
        }
    }

    private static RuntimeException refusal(Address address, RuntimeException e) {
        var uri = address.uri();
        if (e instanceof Neo4jException failure && NO_DATABASE.equals(failure.code())) {
            return new HubException(
                    HubErrorCode.BAD_CONFIGURATION,
                    "Neo4j at " + uri + " has no database \"" + address.databaseOrNull()
                            + "\"; create it there, or correct neo4j.database",
                    e);
        }
        if (e instanceof AuthenticationException) {
            return new HubException(
                    HubErrorCode.BAD_CONFIGURATION,
                    "Neo4j at " + uri + " refuses the user " + address.user() + "; check user and password",
                    e);
        }
        if (e instanceof ServiceUnavailableException) {
            return new HubException(
                    HubErrorCode.UNAVAILABLE,
                    "no Neo4j answers at " + uri + "; is it running, and is the address right?",
                    e);
        }
        return translated(e);
    }

    /** Asks in the database itself: the user may have rights in no other. */
    private static void requireUnderstood(Address address, Driver driver) {
        try (var session = driver.session(address.session().build())) {
            for (var row : session.executeRead(
                    tx -> tx.run(Cypher.SHOW_COMPONENTS.text()).list())) {
                var version = row.get("version").asString();
                if (row.get("name").asString().equals("Neo4j Kernel")
                        && !UNDERSTOOD.matcher(version).matches()) {
                    throw new HubException(
                            HubErrorCode.BAD_CONFIGURATION,
                            "Neo4j at " + address.uri() + " has the version " + version
                                    + ", which this hub does not know; use 5.26 or a version of 2025 or 2026");
                }
            }
        }
    }

    @Override
    public <T> T write(Function<HubTransaction, T> work) {
        return run(sessions.writing(), session -> {
            try {
                return session.executeWrite(tx -> apply(new GraphQueries(tx, true, true, watcher), work), LIMITS);
            } catch (ClientException e) {
                if (!CONSTRAINT_FAILED.equals(e.code())) {
                    throw e;
                }
                // something was made by another transaction after this one had looked for it
                return session.executeWrite(tx -> apply(new GraphQueries(tx, true, false, watcher), work), LIMITS);
            }
        });
    }

    @Override
    public <T> T read(Function<HubTransaction, T> work) {
        return run(
                sessions.reading(),
                session -> session.executeRead(tx -> apply(new GraphQueries(tx, false, false, watcher), work), LIMITS));
    }

    /** The driver would wait a whole second at the first deadlock. */
    private <T> T run(SessionConfig config, Function<Session, T> transaction) {
        long begin = System.nanoTime();
        for (long pause = FIRST_PAUSE_MILLIS; ; pause *= 2) {
            try {
                return once(config, transaction);
            } catch (Neo4jException e) {
                long left = PATIENCE_MILLIS - (System.nanoTime() - begin) / 1_000_000;
                if (!(e instanceof RetryableException) || pause > left) throw translated(e);
                try {
                    Thread.sleep(
                            pause / 2 + ThreadLocalRandom.current().nextLong(pause)); // who met once, meets no more
                } catch (InterruptedException interrupt) {
                    Thread.currentThread().interrupt();
                    throw translated(e);
                }
            }
        }
    }

    private <T> T once(SessionConfig config, Function<Session, T> transaction) {
        if (closed.get()) {
            throw new HubException(HubErrorCode.UNAVAILABLE, "the store is closed; the hub is stopping");
        }
        try (var session = driver.session(config)) {
            return transaction.apply(session);
        } catch (IllegalStateException e) {
            if (closed.get()) { // the driver was closed under the work
                throw new HubException(HubErrorCode.UNAVAILABLE, "the store was closed; the hub is stopping", e);
            }
            throw e;
        }
    }

    private <T> T apply(GraphQueries queries, Function<HubTransaction, T> work) {
        var transaction = new GraphTransaction(queries, sessions.versions());
        try {
            var result = work.apply(transaction);
            transaction.finish();
            return result;
        } finally {
            transaction.end();
        }
    }

    /** Messages of the server are not repeated: they may hold values. */
    private static RuntimeException translated(RuntimeException e) {
        if (e instanceof RetryableException
                || e instanceof Neo4jException failure && failure.code().startsWith(TIMED_OUT)) {
            return new HubException(
                    HubErrorCode.UNAVAILABLE, "the graph does not answer or is too busy; try again later", e);
        }
        if (e instanceof SecurityException security) {
            return new HubException(
                    HubErrorCode.BAD_CONFIGURATION,
                    "Neo4j refuses the hub's user (" + security.code() + "); check its password and rights",
                    e);
        }
        if (e instanceof Neo4jException failure) {
            return new HubException(
                    HubErrorCode.INTERNAL, "the graph refused a query of the hub (" + failure.code() + ")", e);
        }
        return e;
    }

    private long reserveVersions(int count) {
        return run(
                sessions.writing(),
                session -> session.executeWrite(
                        tx -> new GraphQueries(tx, true, false, watcher)
                                .list(Cypher.RESERVE_NUMBERS, Map.of("name", "versions", "count", count))
                                .get(0)
                                .get("first")
                                .asLong(),
                        LIMITS));
    }

    /** Whether no source record is there, nor anything that follows from one; then a {@link GraphFirstLoad} may fill it. */
    public boolean holdsNoRecord() {
        return run(
                sessions.reading(),
                session -> session.executeRead(
                        tx -> new GraphQueries(tx, false, false, watcher)
                                .list(Cypher.FIND_FILLED, Map.of())
                                .isEmpty(),
                        LIMITS));
    }

    /** Everything but the schema and who made it; for a store that {@linkplain #holdsNoRecord holds no record}. */
    Contents everything() {
        return run(sessions.reading(), session -> session.executeRead(Contents::read, LIMITS));
    }

    /** The last number of a sequence that was given; 0 if none was. */
    long sequence(String name) {
        var found = run(
                sessions.reading(),
                session -> session.executeRead(
                        tx -> new GraphQueries(tx, false, false, watcher)
                                .list(Cypher.FIND_SEQUENCE, Map.of("name", name)),
                        LIMITS));
        return found.isEmpty() ? 0 : found.get(0).get("value").asLong();
    }

    /** The same server has another database now: what is remembered of the former one is forgotten. */
    void moved() {
        sessions = sessions();
    }

    /** Makes the schema of a database that was imported, and puts into it what the former one held. */
    void restore(Contents contents, Map<String, Long> sequences) {
        try {
            new Migrations(driver, address.session().build(), Migrations.shipped()).apply(true);
        } catch (RuntimeException e) {
            throw translated(e);
        }
        run(
                sessions.writing(),
                session -> session.executeWrite(
                        tx -> {
                            contents.write(tx, sequences);
                            return null;
                        },
                        LIMITS));
    }

    /** The driver, for the tests of this module. */
    Driver driver() {
        return driver;
    }

    /** For the tests of this module. */
    boolean isClosed() {
        return closed.get();
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        driver.close();
        try {
            server.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop", e);
        }
    }
}
