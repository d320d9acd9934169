package io.kintsugi.graph;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.exceptions.ClientException;

/**
 * Brings the schema of a graph to what this hub needs. Scripts run once each, in order; one that was applied never changes. Two
 * hubs that start together wait for each other: the lock is a lock of the database, so it dies with its holder.
 */
final class Migrations {
    /** In order; the number before the underscores is the version. */
    static final List<String> SCRIPTS = List.of(
            "V001__first.cypher",
            "V002__due_goldens.cypher",
            "V003__deletions.cypher",
            "V004__references.cypher",
            "V005__erasures.cypher",
            "V006__causes.cypher",
            "V007__generic_by_count.cypher");

    private final Driver driver;
    private final SessionConfig config;
    private final List<Script> scripts;

    /** A script that changes the schema or data, not both: the graph allows one of them in a transaction. Each statement may be run twice. */
    record Script(long version, String name, String checksum, List<String> statements) {
        static Script read(String name) {
            return parse(name, CypherFile.text("/cypher/schema/" + name));
        }

        static Script parse(String name, String text) {
            var code = new StringBuilder();
            text.lines().filter(line -> !line.startsWith("//")).forEach(line -> code.append(line)
                    .append('\n'));
            var statements = Arrays.stream(code.toString().split(";\\s*\n"))
                    .map(String::strip)
                    .filter(statement -> !statement.isEmpty())
                    .toList();
            return new Script(Long.parseLong(name.substring(1, name.indexOf("__"))), name, checksum(text), statements);
        }

        /**
         * Statements that share a transaction. A constraint waits for its index, other indexes fill in the background; so those come
         * first, and a graph that holds something already is gone through for both at once.
         */
        List<List<String>> steps() {
            return Stream.of(false, true)
                    .map(constraint -> statements.stream()
                            .filter(statement -> statement.startsWith("CREATE CONSTRAINT") == constraint)
                            .toList())
                    .filter(step -> !step.isEmpty())
                    .toList();
        }

        private static String checksum(String text) {
            try {
                var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
                return HexFormat.of().formatHex(digest, 0, 16);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }

    Migrations(Driver driver, SessionConfig config, List<Script> scripts) {
        this.driver = driver;
        this.config = config;
        this.scripts = scripts;
    }

    static List<Script> shipped() {
        return SCRIPTS.stream().map(Script::read).toList();
    }

    /** @throws HubException with {@code BAD_CONFIGURATION} if the graph was made by scripts that this hub does not have */
    void apply() {
        apply(false);
    }

    /** @param ours whether the caller knows that a hub made what the graph holds, although no script was applied to it */
    void apply(boolean ours) {
        if (missing().isEmpty()) {
            return;
        }
        if (!ours) requireOurs();
        makeLock();
        try (var holder = driver.session(config);
                var lock = holder.beginTransaction()) {
            lock.run(Cypher.LOCK_MIGRATIONS.text()).consume();
            for (var script : missing()) { // another hub may have applied them meanwhile
                run(script);
            }
            lock.commit();
        }
    }

    private List<Script> missing() {
        var applied = new TreeMap<Long, String>();
        try (var session = driver.session(config)) {
            session.executeRead(tx -> tx.run(Cypher.FIND_MIGRATIONS.text()).list())
                    .forEach(row -> applied.put(
                            row.get("version").asLong(), row.get("checksum").asString()));
        }
        var missing = new ArrayList<Script>();
        for (var script : scripts) {
            var checksum = applied.remove(script.version());
            if (checksum == null) {
                missing.add(script);
            } else if (!checksum.equals(script.checksum())) {
                throw new HubException(
                        HubErrorCode.BAD_CONFIGURATION,
                        "the schema script " + script.name()
                                + " was changed after it had been applied to this graph; put the old text back and add a new script");
            }
        }
        if (!applied.isEmpty()) {
            throw newer(applied.lastKey());
        }
        return missing;
    }

    private static HubException newer(long version) {
        return new HubException(
                HubErrorCode.BAD_CONFIGURATION,
                "the graph has the schema version " + version
                        + ", which this hub does not know; a newer hub made it, so start that one or a later one");
    }

    /** A graph of somebody else would be read as if the hub had written it, and changed. */
    private void requireOurs() {
        try (var session = driver.session(config)) {
            var found =
                    session.executeRead(tx -> tx.run(Cypher.FIND_FOREIGN.text()).list());
            if (found.isEmpty()) {
                return;
            }
            // looked for second: another hub may have migrated and written meanwhile
            if (session.executeRead(tx -> tx.run(Cypher.FIND_MIGRATIONS.text()).list())
                    .isEmpty()) {
                throw new HubException(
                        HubErrorCode.BAD_CONFIGURATION,
                        "the graph holds \"" + found.get(0).get("name").asString()
                                + "\" nodes that no hub made; give the hub a database of its own");
            }
        }
    }

    private void makeLock() {
        try (var session = driver.session(config)) {
            for (var query : List.of(Cypher.CREATE_MIGRATION_LOCK, Cypher.CREATE_MIGRATION_VERSION)) {
                schema(session, query.text());
            }
        }
    }

    private void run(Script script) {
        try (var session = driver.session(config)) {
            for (var statements : script.steps()) {
                session.executeWriteWithoutResult(
                        tx -> statements.forEach(statement -> tx.run(statement).consume()));
            }
            session.executeWriteWithoutResult(
                    tx -> tx.run(Cypher.AWAIT_INDEXES.text()).consume());
            session.executeWriteWithoutResult(tx -> tx.run(
                            Cypher.SAVE_MIGRATION.text(),
                            Map.of(
                                    "version", script.version(),
                                    "script", script.name(),
                                    "checksum", script.checksum()))
                    .consume());
        }
    }

    private static void schema(Session session, String statement) {
        try {
            session.executeWriteWithoutResult(tx -> tx.run(statement).consume());
        } catch (ClientException e) {
            // two hubs that make the same rule in the same moment: one of them is told that it exists
            if (!e.code().contains("EquivalentSchemaRuleAlreadyExists")) {
                throw e;
            }
        }
    }
}
