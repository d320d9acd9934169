package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.jdbc.Dialect.Extra;
import io.kintsugi.connector.jdbc.JdbcSettings.StreamSettings;
import io.kintsugi.connector.jdbc.Table.Reference;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorException.Misconfigured;
import io.kintsugi.connector.spi.ConnectorException.SchemaDrift;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What the database says about its tables, remembered until {@link #forget}. Safe for all threads. */
final class Tables {
    /** Types of a tombstone column in which every value, but false, marks a deleted row. */
    private static final Set<FieldType> MARKS = EnumSet.of(FieldType.BOOL, FieldType.DATE, FieldType.DATETIME);

    private final Database database;
    private final JdbcSettings settings;
    private final Map<String, Table> known = new ConcurrentHashMap<>();

    Tables(Database database, JdbcSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /** Asks the database again on the next call. */
    void forget() {
        known.clear();
    }

    /** Like {@link Database#failed}; a table or column that is gone is asked for again on the next call. */
    ConnectorException failed(SQLException e, String doing, String stream) {
        ConnectorException failure = database.failed(e, doing, stream);
        if (!(failure instanceof SchemaDrift)) return failure;
        Table table = known.get(stream);
        forget();
        if (table == null) return failure;
        Set<String> gone = new LinkedHashSet<>();
        for (Column column : table.columns())
            if (Refusals.names(Refusals.firstLine(e), column.name())) gone.add(column.name());
        return new SchemaDrift(stream, gone, failure.getMessage());
    }

    /**
     * @throws SchemaDrift if there is no such table
     * @throws Misconfigured if it has no key, or the settings name a column it does not have
     */
    Table get(String stream) throws ConnectorException {
        Table table = known.get(stream);
        if (table != null) return table;
        table = database.read("read the definition of " + stream, connection -> {
            String schema = schema(connection);
            Boolean view = find(connection, schema, "%").get(stream);
            if (view == null)
                throw new SchemaDrift(
                        stream,
                        Set.of(),
                        "there is no table " + stream + " in " + database.place()
                                + "; discover again and mend the mapping");
            Table found = load(connection, schema, stream, view);
            if (found.id().isEmpty())
                throw new Misconfigured(
                        "streams." + stream + ".id",
                        "is missing: table " + stream + " has no primary key; name its unique columns");
            return found;
        });
        known.put(stream, table);
        return table;
    }

    /** All tables and views, sorted by name; those without a key have an empty {@link Table#id()}. */
    List<Table> all() throws ConnectorException {
        return database.read("read the definitions of the tables", connection -> {
            String schema = schema(connection);
            List<Table> tables = new ArrayList<>();
            for (Map.Entry<String, Boolean> entry :
                    find(connection, schema, "%").entrySet())
                tables.add(load(connection, schema, entry.getKey(), entry.getValue()));
            return tables;
        });
    }

    private String schema(Connection connection) throws SQLException {
        return settings.schema() == null ? database.dialect().defaultSchema(connection) : settings.schema();
    }

    /** Names of tables, and whether each is a view. */
    private Map<String, Boolean> find(Connection connection, String schema, String pattern) throws SQLException {
        Map<String, Boolean> names = new TreeMap<>();
        String[] types = {"TABLE", "BASE TABLE", "VIEW", "PARTITIONED TABLE", "MATERIALIZED VIEW", "FOREIGN TABLE"};
        try (ResultSet rows =
                connection.getMetaData().getTables(catalog(schema), schemaPattern(schema), pattern, types)) {
            while (rows.next())
                names.put(
                        rows.getString("TABLE_NAME"),
                        rows.getString("TABLE_TYPE").contains("VIEW"));
        }
        return names;
    }

    private String catalog(String schema) {
        return database.dialect().schemaIsCatalog() ? schema : null;
    }

    private String schemaOf(String schema) {
        return database.dialect().schemaIsCatalog() ? null : schema;
    }

    private String schemaPattern(String schema) {
        return escaped(schemaOf(schema));
    }

    /** A name as a pattern that matches only itself. */
    private static String escaped(String name) {
        return name == null
                ? null
                : name.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%");
    }

    private Table load(Connection connection, String schema, String name, boolean view)
            throws SQLException, Misconfigured {
        DatabaseMetaData meta = connection.getMetaData();
        Map<String, List<String>> uniques = uniques(meta, schema, name);
        List<Reference> references = references(meta, schema, name);
        List<String> key = primaryKey(meta, schema, name);
        if (!key.isEmpty()) uniques.putIfAbsent("PRIMARY", key);
        List<Column> columns = columns(connection, schema, name, uniques, references);
        return resolve(name, schema, view, columns, key, uniques, references);
    }

    private Table resolve(
            String name,
            String schema,
            boolean view,
            List<Column> columns,
            List<String> key,
            Map<String, List<String>> uniques,
            List<Reference> references)
            throws Misconfigured {
        StreamSettings stream = settings.stream(name);
        List<Column> id = new ArrayList<>();
        for (String part : stream.id() == null ? key : stream.id()) id.add(column(columns, name, "id", part));
        Column changed = column(columns, name, "changed", stream.changed());
        if (changed != null && changed.type() != FieldType.DATETIME)
            throw new Misconfigured(
                    "streams." + name + ".changed",
                    "names column " + changed.name() + " of type " + changed.typeName()
                            + "; it must hold a date and time");
        if (changed != null && !changed.zoned() && settings.zone() == null)
            throw new Misconfigured(
                    "timeZone",
                    "is missing: column " + changed.name() + " of table " + name
                            + " holds times without a zone, and changes would be lost if the hub took them for another; give the zone of"
                            + " whoever writes them, for example UTC or America/New_York");
        String deletedValue = stream.deleted() == null ? null : stream.deleted().value();
        Column deleted = column(
                columns,
                name,
                "deleted",
                stream.deleted() == null ? null : stream.deleted().column());
        if (deleted != null && deletedValue == null && !MARKS.contains(deleted.type()))
            throw new Misconfigured(
                    "streams." + name + ".deleted",
                    "names column " + deleted.name() + " of type "
                            + deleted.typeName() + ", where any value may stand in a row that is not deleted; give"
                            + " deleted: {column: " + deleted.name() + ", value: the one that marks a deleted row}");
        Duration every = stream.compareEvery() == null ? settings.compareEvery() : stream.compareEvery();
        return new Table(
                name,
                schema,
                view,
                columns,
                id,
                changed,
                deleted,
                deletedValue,
                column(columns, name, "linkKey", stream.linkKey()),
                column(columns, name, "version", stream.version()),
                uniques,
                references,
                every,
                made(schema, stream, key, every));
    }

    /** Of all that says which rows there are, what they are called and when they changed. */
    private String made(String schema, StreamSettings stream, List<String> key, Duration every) {
        String text = schema + "\n" + (stream.id() == null ? key : stream.id()) + "\n" + stream.changed() + "\n"
                + stream.deleted() + "\n" + every.isZero() + "\n" + settings.zoneOrUtc();
        return Long.toHexString(Projection.digest(text));
    }

    private static Column column(List<Column> columns, String table, String setting, String name) throws Misconfigured {
        if (name == null) return null;
        for (Column column : columns) if (column.name().equals(name)) return column;
        throw new Misconfigured(
                "streams." + table + "." + setting,
                "names column " + name + ", which table " + table + " does not have");
    }

    private List<Column> columns(
            Connection connection,
            String schema,
            String table,
            Map<String, List<String>> uniques,
            List<Reference> references)
            throws SQLException {
        Dialect dialect = database.dialect();
        Set<String> unique = new HashSet<>();
        uniques.values().forEach(names -> {
            if (names.size() == 1) unique.add(names.get(0));
        });
        Set<String> referring = new HashSet<>();
        references.forEach(reference -> referring.add(reference.column()));
        Map<String, Extra> extras = dialect.extras(connection, schema, table);
        List<Column> columns = new ArrayList<>();
        try (ResultSet rows =
                connection.getMetaData().getColumns(catalog(schema), schemaPattern(schema), escaped(table), null)) {
            while (rows.next()) {
                String name = rows.getString("COLUMN_NAME");
                String typeName = rows.getString("TYPE_NAME");
                int jdbcType = rows.getInt("DATA_TYPE");
                int size = rows.getInt("COLUMN_SIZE");
                Extra extra = extras.getOrDefault(name, new Extra(null, false, true));
                FieldType type = dialect.type(jdbcType, typeName, size);
                if (extra.options() != null && type != FieldType.MULTI_ENUM) type = FieldType.ENUM;
                boolean sized = type == FieldType.STRING && size > 0 && size <= 65_535;
                columns.add(new Column(
                        name,
                        type,
                        jdbcType,
                        typeName,
                        type == FieldType.DATETIME && dialect.zoned(typeName),
                        rows.getInt("NULLABLE") != DatabaseMetaData.columnNoNulls,
                        extra.generated() || "YES".equals(rows.getString("IS_GENERATEDCOLUMN")),
                        rows.getString("COLUMN_DEF") != null || "YES".equals(rows.getString("IS_AUTOINCREMENT")),
                        unique.contains(name),
                        referring.contains(name),
                        extra.caseSensitive(),
                        sized ? size : null,
                        type == FieldType.DATETIME ? dialect.digits(size, rows.getInt("DECIMAL_DIGITS")) : 0,
                        extra.options() == null ? List.of() : extra.options()));
            }
        }
        return columns;
    }

    private List<String> primaryKey(DatabaseMetaData meta, String schema, String table) throws SQLException {
        Map<Integer, String> bySequence = new TreeMap<>();
        try (ResultSet rows = meta.getPrimaryKeys(catalog(schema), schemaOf(schema), table)) {
            while (rows.next()) bySequence.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
        }
        return List.copyOf(bySequence.values());
    }

    private Map<String, List<String>> uniques(DatabaseMetaData meta, String schema, String table) throws SQLException {
        Map<String, List<String>> uniques = new LinkedHashMap<>();
        Set<String> partial = new HashSet<>();
        try (ResultSet rows = meta.getIndexInfo(catalog(schema), schemaOf(schema), table, true, true)) {
            while (rows.next()) {
                String index = rows.getString("INDEX_NAME");
                String column = rows.getString("COLUMN_NAME");
                if (index == null) continue; // a row of statistics
                if (column == null || rows.getString("FILTER_CONDITION") != null) partial.add(index);
                else uniques.computeIfAbsent(index, any -> new ArrayList<>()).add(column);
            }
        }
        uniques.keySet().removeAll(partial); // unique for some rows only
        return uniques;
    }

    private List<Reference> references(DatabaseMetaData meta, String schema, String table) throws SQLException {
        Map<String, List<Reference>> byKey = new LinkedHashMap<>();
        String key = "";
        try (ResultSet rows = meta.getImportedKeys(catalog(schema), schemaOf(schema), table)) {
            while (rows.next()) {
                if (rows.getInt("KEY_SEQ") == 1) key = byKey.size() + "";
                String constraint = rows.getString("FK_NAME");
                byKey.computeIfAbsent(key, any -> new ArrayList<>())
                        .add(new Reference(
                                constraint == null ? "" : constraint,
                                rows.getString("FKCOLUMN_NAME"),
                                rows.getString("PKTABLE_NAME")));
            }
        }
        return byKey.values().stream()
                .filter(parts -> parts.size() == 1)
                .map(parts -> parts.get(0))
                .toList();
    }
}
