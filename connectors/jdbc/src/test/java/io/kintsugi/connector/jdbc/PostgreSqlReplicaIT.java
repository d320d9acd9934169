package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.jdbc.TestServer.Place;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** SYN-6 on a replica, which shows rows long after their stamps. */
@Tag("SYN-6")
@ExtendWith(Servers.class)
final class PostgreSqlReplicaIT {
    @TempDir
    private Path folder;

    private final TestServer.PostgreSql primary;

    PostgreSqlReplicaIT(TestServer.PostgreSql primary) {
        this.primary = primary;
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) return null;
            ResultSet rows = statement.getResultSet();
            return rows.next() ? rows.getString(1) : null;
        }
    }

    private EmbeddedPostgres replica() throws Exception {
        Path copied = folder.resolve("replica");
        try (Connection connection = primary.fresh().connect()) {
            ask(connection, "SELECT pg_start_backup('copy', true, false)");
            copy(primary.data, copied);
            Files.writeString(
                    copied.resolve("backup_label"),
                    ask(connection, "SELECT labelfile FROM pg_stop_backup(false, false)"));
        }
        Files.writeString(
                copied.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=localhost user=postgres port=" + primary.port() + "'\n",
                StandardOpenOption.APPEND);
        Files.writeString(copied.resolve("standby.signal"), "");
        return EmbeddedPostgres.builder()
                .setDataDirectory(copied)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "off")
                .setServerConfig("max_prepared_transactions", "4") // no fewer than the primary
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
                if (Files.isDirectory(target))
                    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
            }
        }
    }

    /** Until the replica has all that was committed. */
    private static void replayed(Connection primary, Connection replica) throws SQLException {
        String written = ask(primary, "SELECT pg_current_wal_insert_lsn()");
        while (!"t".equals(ask(replica, "SELECT pg_last_wal_replay_lsn() >= '" + written + "'"))) Thread.onSpinWait();
    }

    @Test
    void rowsThatReachTheReplicaAfterTheirStampAreNotLost() throws Exception {
        Place onPrimary = primary.fresh();
        try (EmbeddedPostgres replica = replica();
                Connection writer = onPrimary.connect()) {
            String url = onPrimary.url().replace(":" + primary.port() + "/", ":" + replica.getPort() + "/");
            Place onReplica = new Place(primary, url, onPrimary.user(), onPrimary.password(), onPrimary.schema());
            Connection reader = onReplica.connect();
            ask(writer, "CREATE TABLE notes (id integer PRIMARY KEY, at timestamptz)");
            ask(writer, "INSERT INTO notes VALUES (1, now())");
            replayed(writer, reader);
            Map<String, Object> settings = onReplica.settings();
            settings.put("overlap", "1ms");
            settings.put("streams", Map.of("notes", Map.of("changed", "at", "compareEvery", "0s")));
            try (reader;
                    Harness harness = new Harness(onReplica, settings)) {
                assertThat(harness.connector.check().facts().get("lateCommits")).contains("replica");
                Checkpoint position = harness.start("notes", StartAt.NOW);
                ask(reader, "SELECT pg_wal_replay_pause()");
                while (!"paused".equals(ask(reader, "SELECT pg_get_wal_replay_pause_state()"))) Thread.onSpinWait();
                ask(writer, "INSERT INTO notes VALUES (2, now())");
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
