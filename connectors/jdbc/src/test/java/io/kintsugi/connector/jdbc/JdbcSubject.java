package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.jdbc.TestServer.Place;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.tck.Subject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A table of customers in a real database, whose users write SQL. */
final class JdbcSubject implements Subject {
    /** How users mark what they do. */
    enum Kind {
        /** Not at all: changes are found by comparing scans. */
        PLAIN,
        /** By a stamp; deleted rows are gone, and each poll compares. */
        STAMPED,
        /** By a stamp and a tombstone: no scans are compared. */
        STAMPED_WITH_TOMBSTONE
    }

    private final Place place;
    private final boolean stamped;
    private final boolean tombstone;
    private final Wire wire;
    private Connection user;

    JdbcSubject(TestServer server, Kind kind) throws Exception {
        stamped = kind != Kind.PLAIN;
        tombstone = kind == Kind.STAMPED_WITH_TOMBSTONE;
        place = server.fresh();
        wire = server instanceof TestServer.Sqlite ? null : new Wire(server.port());
        run("CREATE TABLE customers (id " + server.serial() + ", name varchar(200), note varchar(200),"
                + " amount numeric(12, 2), hub_key varchar(100) UNIQUE"
                + (stamped ? ", updated_at " + server.stampType() + " NOT NULL" : "")
                + (tombstone ? ", gone boolean DEFAULT false" : "")
                + ")");
    }

    @Override
    public ConnectorFactory factory() {
        return new JdbcConnectorFactory();
    }

    @Override
    public Map<String, Object> settings() {
        Map<String, Object> settings = wire == null ? place.settings() : place.settings(wire);
        Map<String, Object> customers = new HashMap<>(Map.of("linkKey", "hub_key"));
        if (stamped) customers.put("changed", "updated_at");
        if (stamped) customers.put("compareEvery", tombstone ? "0s" : "PT0.000001S");
        if (tombstone) customers.put("deleted", "gone");
        settings.put("streams", Map.of("customers", customers));
        settings.put("connectTimeout", "2s");
        settings.put("maxShrinkPercent", 100); // users of the kit delete most of what they made
        if (place.password() != null) settings.put("password", "secret:db");
        return settings;
    }

    @Override
    public Map<String, String> secrets() {
        return place.password() == null ? Map.of() : Map.of("db", place.password());
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public String stream() {
        return "customers";
    }

    @Override
    public List<String> textFields() {
        return List.of("name", "note");
    }

    @Override
    public String linkKeyField() {
        return "hub_key";
    }

    /** The application users work with holds one connection. */
    private Connection user() throws SQLException {
        if (user == null) user = place.connect();
        return user;
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = user().createStatement()) {
            statement.execute(sql);
        }
    }

    private String now() throws SQLException {
        try (Statement statement = user().createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT " + place.server().now())) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    public String create(Map<String, String> fields) throws SQLException {
        return createTogether(List.of(fields)).get(0);
    }

    @Override
    public List<String> createTogether(List<Map<String, String>> records) throws SQLException {
        String stamp = now();
        user().setAutoCommit(false);
        List<String> ids = new ArrayList<>();
        for (Map<String, String> fields : records) ids.add(insert(user(), fields, stamp));
        user().commit();
        user().setAutoCommit(true);
        return ids;
    }

    private String insert(Connection connection, Map<String, String> fields, String stamp) throws SQLException {
        String sql = "INSERT INTO customers (name, note" + (stamped ? ", updated_at" : "") + ") VALUES (?, ?"
                + (stamped ? ", " + moment(stamp) : "") + ") RETURNING id";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, fields.get("name"));
            statement.setString(2, fields.get("note"));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    private String moment(String stamp) {
        return "CAST('" + stamp + "' AS "
                + (place.server() instanceof TestServer.Sqlite
                        ? "text"
                        : place.server().stampType()) + ")";
    }

    @Override
    public void edit(String id, Map<String, String> fields) throws SQLException {
        StringBuilder sql = new StringBuilder("UPDATE customers SET ");
        fields.keySet().forEach(field -> sql.append(field).append(" = ?, "));
        sql.append(stamped ? "updated_at = " + place.server().now() : "amount = amount")
                .append(" WHERE id = ?");
        try (PreparedStatement statement = user().prepareStatement(sql.toString())) {
            int index = 0;
            for (String value : fields.values()) statement.setString(++index, value);
            statement.setLong(++index, Long.parseLong(id));
            statement.executeUpdate();
        }
    }

    @Override
    public void delete(String id) throws SQLException {
        run(
                tombstone
                        ? "UPDATE customers SET gone = true, updated_at = "
                                + place.server().now() + " WHERE id = " + id
                        : "DELETE FROM customers WHERE id = " + id);
    }

    @Override
    public Optional<Map<String, String>> read(String id) throws SQLException {
        String sql = "SELECT name, note FROM customers WHERE id = " + id + (tombstone ? " AND gone = false" : "");
        try (PreparedStatement statement = user().prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) return Optional.empty();
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("name", rows.getString(1));
            fields.put("note", rows.getString(2));
            return Optional.of(fields);
        }
    }

    /** The database's clock cannot be moved, but a later time is a matter of a few milliseconds. */
    @Override
    public void settle() throws SQLException {
        String now = now();
        while (now().equals(now)) Thread.onSpinWait();
    }

    @Override
    public Optional<Held> hold(Map<String, String> fields) throws SQLException {
        String stamp = now();
        if (place.server() instanceof TestServer.Sqlite) {
            return Optional.of(
                    () -> insert(user(), fields, stamp)); // one writer: it took the time before it got its turn
        }
        Connection connection = place.connect();
        connection.setAutoCommit(false);
        String id = insert(connection, fields, stamp);
        return Optional.of(() -> {
            connection.commit();
            connection.close();
            return id;
        });
    }

    /** PostgreSQL knows numbers that are none, SQLite takes anything anywhere. */
    @Override
    public boolean spoil() throws SQLException {
        if (place.server() instanceof TestServer.MariaDb) return false;
        run("INSERT INTO customers (name, amount" + (stamped ? ", updated_at" : "") + ") VALUES ('spoilt', 'NaN'"
                + (stamped ? ", " + place.server().now() : "") + ")");
        return true;
    }

    @Override
    public boolean addField(String name) throws SQLException {
        run("ALTER TABLE customers ADD COLUMN " + place.server().quote(name) + " varchar(20)");
        return true;
    }

    @Override
    public boolean removeField(String name) throws SQLException {
        run("ALTER TABLE customers DROP COLUMN " + name);
        return true;
    }

    @Override
    public boolean renameField(String name, String newName) throws SQLException {
        run("ALTER TABLE customers RENAME COLUMN " + name + " TO " + newName);
        return true;
    }

    @Override
    public boolean retypeField(String name) throws SQLException {
        run("UPDATE customers SET " + name + " = NULL");
        for (String sql : place.server().retype(name)) run(sql);
        return true;
    }

    @Override
    public boolean recreate(String id, Map<String, String> fields) throws SQLException {
        if (!tombstone)
            run("INSERT INTO customers (id" + (stamped ? ", updated_at" : "") + ") VALUES (" + id
                    + (stamped ? ", " + place.server().now() : "") + ")");
        else run("UPDATE customers SET gone = false WHERE id = " + id);
        edit(id, fields);
        return true;
    }

    /** A batch is one transaction: its commit is the one that gets no answer. */
    @Override
    public boolean cutAfterCommit(int ops) {
        if (wire != null) wire.cutAt(place.server().commit(), true);
        return wire != null;
    }

    @Override
    public boolean unplug() {
        if (wire != null) wire.close();
        return wire != null;
    }

    @Override
    public void close() {
        try {
            if (user != null) user.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        if (wire != null) wire.close();
    }
}
