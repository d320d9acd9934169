package io.kintsugi.server.demo;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.config.Settings;
import io.kintsugi.server.demo.DemoData.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The folder of a demo: two databases, a drop folder, the hub's own files and its configuration. */
final class DemoFolder {
    private static final String COMPLETE = "complete";
    private static final Set<String> OWN = Set.of(
            "crm.db",
            "crm.db-journal",
            "billing.db",
            "billing.db-journal",
            "shop",
            "hub",
            "kintsugi.yaml",
            StoryTeller.FOLDER,
            COMPLETE);

    private final Path folder;

    DemoFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    Connection connect(String database) throws SQLException {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + path(database + ".db"));
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
        }
        return connection;
    }

    /** Settings of the demo's hub; the environment wins, as everywhere. */
    Settings settings(Map<String, String> environment) {
        return Settings.read(path("kintsugi.yaml"), environment);
    }

    /**
     * Makes the systems unless they are there. One that was only half made is made again.
     *
     * @return whether they are new
     * @throws HubException with {@code BAD_CONFIGURATION} if the folder holds something else
     */
    boolean create(long seed, int records) throws IOException, SQLException {
        if (Files.exists(path(COMPLETE))) return false;
        clear();
        Files.createDirectories(path("shop"));
        var tables = DemoData.of(seed, records);
        for (var database : List.of("crm", "billing")) {
            try (var connection = connect(database)) {
                connection.setAutoCommit(false);
                try (var statement = connection.createStatement()) {
                    statement.executeUpdate(resource(database + ".sql"));
                }
                for (var name : DemoData.TABLES) {
                    if (name.startsWith(database))
                        insert(connection, name.substring(database.length() + 1), tables.get(name));
                }
                connection.commit();
            }
        }
        for (var stream : List.of("customers", "companies")) writeCsv(stream, tables.get("shop." + stream));
        var countries = DemoData.THREE_LETTERS.entrySet().stream()
                .map(entry -> entry.getValue() + "=" + entry.getKey())
                .collect(Collectors.joining(","));
        Files.writeString(
                path("kintsugi.yaml"),
                resource("kintsugi.yaml")
                        .replace("${folder}", folder.toString().replace('\\', '/'))
                        .replace("${countries}", countries));
        Files.writeString(
                path(COMPLETE), "Seed " + seed + ", " + records + " records. Delete this folder to begin anew.\n");
        return true;
    }

    /** Removes what a demo made, and nothing else. */
    void clear() throws IOException {
        if (!Files.exists(folder)) return;
        try (var found = Files.list(folder)) {
            var foreign = found.filter(path -> !OWN.contains(path.getFileName().toString()))
                    .findFirst();
            if (foreign.isPresent()) {
                throw new HubException(
                        HubErrorCode.BAD_CONFIGURATION,
                        folder + " holds " + foreign.get().getFileName()
                                + ", which no demo made; name another folder with --data");
            }
        }
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(folder)) Files.delete(path);
            }
        }
    }

    private static void insert(Connection connection, String name, Table table) throws SQLException {
        var places =
                String.join(", ", table.columns().stream().map(column -> "?").toList());
        var sql = "INSERT INTO " + name + " (" + String.join(", ", table.columns()) + ") VALUES (" + places + ")";
        try (var insert = connection.prepareStatement(sql)) {
            for (var row : table.rows()) {
                for (int i = 0; i < row.size(); i++) insert.setString(i + 1, row.get(i));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void writeCsv(String stream, Table table) throws IOException {
        try (var csv = CsvWriter.builder()
                .fieldSeparator(';')
                .build(path("shop/" + stream + ".csv"), StandardCharsets.UTF_8)) {
            csv.writeRecord(table.columns());
            table.rows().forEach(csv::writeRecord);
        }
    }

    private static String resource(String name) {
        try (var in = DemoFolder.class.getResourceAsStream("/demo/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
