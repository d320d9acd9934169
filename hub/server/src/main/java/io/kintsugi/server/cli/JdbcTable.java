package io.kintsugi.server.cli;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.server.connector.Connectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table of a database as something to load.
 *
 * @param idColumn null for the primary key
 */
record JdbcTable(String url, String user, String password, String schema, String table, String idColumn) {
    private static final int SAMPLE = 500;

    /**
     * Asks the database what the table holds.
     *
     * @throws HubException with {@code NOT_FOUND} if there is no such table, naming those there are
     */
    Table look(Connectors connectors) throws ConnectorException {
        try (var connector = connectors.open(system("database"))) {
            var streams = connector.discover().streams();
            var found = page(connector.facet(SnapshotSource.class).orElseThrow(), streams);
            var header =
                    streams.stream().filter(def -> def.name().equals(table)).findFirst().orElseThrow().fields().stream()
                            .map(FieldDef::name)
                            .toList();
            var sample = new ArrayList<List<String>>();
            for (var record : found.records()) {
                sample.add(header.stream()
                        .map(name -> record.fields().get(name))
                        .map(value -> value == null ? "" : value.toString())
                        .toList());
            }
            return new Table(url + " " + table, table, header, sample, -1);
        } catch (ConnectorException.AuthFailed e) {
            throw new HubException(
                    HubErrorCode.UNPROCESSABLE,
                    e.getMessage() + "; the user is that of --jdbc-user, the password that of KINTSUGI_JDBC_PASSWORD",
                    e);
        }
    }

    private SnapshotSource.Page page(SnapshotSource rows, List<StreamDef> streams) throws ConnectorException {
        try {
            return rows.page(new Query(table, List.of()), null, SAMPLE);
        } catch (ConnectorException.SchemaDrift e) {
            throw new HubException(
                    HubErrorCode.NOT_FOUND,
                    "there is no table " + table + "; there are "
                            + streams.stream().map(StreamDef::name).toList(),
                    e);
        }
    }

    /** How the jdbc connector reads it. The password is for this process only and is in no document. */
    SystemConfig system(String id) {
        var settings = new LinkedHashMap<String, Object>();
        settings.put("url", url);
        if (user != null) settings.put("user", user);
        if (password != null) settings.put("password", password);
        if (schema != null) settings.put("schema", schema);
        if (idColumn != null) settings.put("streams", Map.of(table, Map.of("id", idColumn)));
        return new SystemConfig(id, id, "jdbc", settings, Duration.ofSeconds(5), List.of());
    }
}
