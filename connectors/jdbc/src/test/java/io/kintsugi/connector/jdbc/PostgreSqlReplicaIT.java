package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SYN-6 on a replica, which shows rows long after their stamps. */
@Tag("SYN-6")
final class PostgreSqlReplicaIT {
    private static final Map<String, Object> SETTINGS = Map.of(
            "user", "postgres",
            "safetyLag", "0s",
            "overlap", "1ms",
            "streams", Map.of("notes", Map.of("changed", "at", "compareEvery", "0s")));

    @TempDir
    private Path folder;

    private static String url(EmbeddedPostgres server) {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    private static Connection connect(EmbeddedPostgres server) throws SQLException {
        return DriverManager.getConnection(url(server), "postgres", "");
    }

    private EmbeddedPostgres replicaOf(EmbeddedPostgres primary, Path data) throws Exception {
        Path copied = folder.resolve("replica");
        try (Connection connection = connect(primary)) {
            ask(connection, "SELECT pg_start_backup('copy', true, false)");
            copy(data, copied);
            Files.writeString(
                    copied.resolve("backup_label"), ask(connection, "SELECT labelfile FROM pg_stop_backup(false, false)"));
        }
        Files.writeString(
                copied.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=localhost user=postgres port=" + primary.getPort() + "'\n",
                StandardOpenOption.APPEND);
        Files.writeString(copied.resolve("standby.signal"), "");
        return EmbeddedPostgres.builder()
                .setDataDirectory(copied)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "off")
                .start();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                String name = from.relativize(file).toString();
                if (name.equals("postmaster.pid") || name.equals("epg-lock") || name.matches("pg_wal/.+")) continue;
                Path target = to.resolve(name);
                if (Files.isDirectory(file)) Files.createDirectories(target);
                else Files.copy(file, target);
                target.toFile().setReadable(false, false);
                target.toFile().setReadable(true, true);
                if (Files.isDirectory(target)) target.toFile().setExecutable(false, false);
                if (Files.isDirectory(target)) target.toFile().setExecutable(true, true);
            }
        }
    }

    /** Until the replica has all that was committed. */
    private static void replayed(Connection primary, Connection replica) throws SQLException {
        String written = ask(primary, "SELECT pg_current_wal_lsn()");
        while (!"t".equals(ask(replica, "SELECT pg_last_wal_replay_lsn() >= '" + written + "'"))) Thread.onSpinWait();
    }

    @Test
    void rowsThatReachTheReplicaAfterTheirStampAreNotLost() throws Exception {
        Path data = folder.resolve("primary");
        try (EmbeddedPostgres primary = EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setServerConfig("fsync", "off")
                        .start();
                EmbeddedPostgres replica = replicaOf(primary, data);
                Connection writer = connect(primary);
                Connection reader = connect(replica)) {
            ask(writer, "CREATE TABLE notes (id integer PRIMARY KEY, at timestamptz); SELECT 1");
            ask(writer, "INSERT INTO notes VALUES (1, now()) RETURNING id");
            replayed(writer, reader);
            Map<String, Object> settings = new java.util.HashMap<>(SETTINGS);
            settings.put("url", url(replica));
            try (Harness harness = new Harness(null, settings)) {
                assertThat(harness.connector.check().facts().get("lateCommits")).contains("replica");
                Checkpoint position = harness.start("notes", StartAt.NOW);
                ask(reader, "SELECT pg_wal_replay_pause()");
                ask(writer, "INSERT INTO notes VALUES (2, now()) RETURNING id");
                ask(writer, "SELECT pg_sleep(0.1)");
                List<Change> seen = Harness.list();
                position = harness.catchUp("notes", position, 10, seen);
                assertThat(Harness.ids(seen)).doesNotContain("2");
                ask(reader, "SELECT pg_wal_replay_resume()");
                replayed(writer, reader);
                harness.catchUp("notes", position, 10, seen);
                assertThat(Harness.ids(seen)).contains("2");
            }
        }
    }
}
