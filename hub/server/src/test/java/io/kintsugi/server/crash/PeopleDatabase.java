package io.kintsugi.server.crash;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A system outside the hub: a SQLite file with a table of people, in which people work through this class. Thread-safe. */
final class PeopleDatabase implements AutoCloseable {
    private final String url;
    private final Connection connection;

    /**
     * One row.
     *
     * @param city what people of this system change
     * @param company what a steward says in the hub
     */
    record Person(String first, String last, String email, String city, String company) {}

    /** @param stamped whether a column says when a row was changed, or the hub must compare */
    PeopleDatabase(Path file, boolean stamped) throws SQLException {
        url = "jdbc:sqlite:" + file;
        connection = DriverManager.getConnection(url);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 30000");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute(
                    "CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, first TEXT, last TEXT, email TEXT,"
                            + " city TEXT, company TEXT, hub_key TEXT UNIQUE, changed TIMESTAMP)");
            if (!stamped) return;
            var now = "UPDATE people SET changed = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE id = new.id";
            statement.execute("CREATE TRIGGER made AFTER INSERT ON people BEGIN " + now + "; END");
            statement.execute("CREATE TRIGGER edited AFTER UPDATE OF first, last, email, city, company ON people BEGIN "
                    + now + "; END");
        }
    }

    String url() {
        return url;
    }

    synchronized void create(Person person) throws SQLException {
        try (var insert =
                connection.prepareStatement("INSERT INTO people (first, last, email, city) VALUES (?, ?, ?, ?)")) {
            insert.setString(1, person.first());
            insert.setString(2, person.last());
            insert.setString(3, person.email());
            insert.setString(4, person.city());
            insert.executeUpdate();
        }
    }

    /** Whether there was a row. */
    synchronized boolean move(String email, String city) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE people SET city = ? WHERE email = ?")) {
            update.setString(1, city);
            update.setString(2, email);
            return update.executeUpdate() > 0;
        }
    }

    synchronized List<Person> all() throws SQLException {
        var people = new ArrayList<Person>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT first, last, email, city, company FROM people")) {
            while (rows.next()) {
                people.add(new Person(
                        rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4), rows.getString(5)));
            }
        }
        return people;
    }

    @Override
    public synchronized void close() throws SQLException {
        connection.close();
    }
}
