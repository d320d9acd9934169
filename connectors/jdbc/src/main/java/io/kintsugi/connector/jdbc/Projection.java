package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.jdbc.Dialect.Fault;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.Unreadable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The columns one query selects, and how its rows become records. */
final class Projection {
    private static final int RAW_LIMIT = 4096;

    private final Database database;
    private final Dialect dialect;
    private final Table table;
    private final List<Column> fields;
    private final List<Column> selected;

    /** @param fields the columns to return; those the connector needs itself are selected too */
    Projection(Database database, Table table, List<Column> fields) {
        this.database = database;
        this.dialect = database.dialect();
        this.table = table;
        this.fields = fields;
        Set<Column> all = new LinkedHashSet<>(table.id());
        all.addAll(fields);
        if (table.deleted() != null) all.add(table.deleted());
        if (table.version() != null) all.add(table.version());
        this.selected = List.copyOf(all);
    }

    /**
     * A row as read.
     *
     * @param record null if the row is unreadable
     * @param unreadable null if it is readable
     * @param stamp null if the table has no stamp column or the row no stamp
     * @param deleted whether the row bears the mark of a deleted one
     */
    record Row(String id, NativeRecord record, Unreadable unreadable, String stamp, boolean deleted, long digest) {}

    /** SELECT … FROM …, without a condition. */
    String select() {
        String columns =
                selected.stream().map(column -> dialect.quote(column.name())).collect(Collectors.joining(", "));
        String stamp = table.changed() == null ? "" : ", " + dialect.stampSql(table.changed());
        return "SELECT " + columns + stamp + " FROM " + dialect.name(table);
    }

    Row read(ResultSet rows) throws SQLException {
        Map<String, Object> values = new LinkedHashMap<>();
        String problem = null;
        for (int i = 0; i < selected.size(); i++) {
            Column column = selected.get(i);
            try {
                values.put(column.name(), dialect.read(rows, i + 1, column));
            } catch (SQLException | RuntimeException e) {
                if (e instanceof SQLException sql && database.fault(sql) == Fault.CONNECTION) throw sql;
                problem = "the value of column " + column.name() + " is not a " + column.type();
            }
        }
        String stamp = table.changed() == null ? null : dialect.readStamp(rows, selected.size() + 1, table.changed());
        String id = idOf(values);
        if (id == null || id.isBlank()) problem = "the row has no id";
        boolean deleted = isDeleted(values);
        if (problem != null) {
            String place = table.name() + (id == null ? " at " + stamp : " id " + id);
            Unreadable unreadable =
                    new Unreadable(table.name(), place, problem, raw(rows), id == null || id.isBlank() ? null : id);
            return new Row(id, null, unreadable, stamp, deleted, digest(place + "\n" + unreadable.raw()));
        }
        Instant modifiedAt = stamp == null ? null : dialect.instantOf(table.changed(), stamp);
        NativeRecord record =
                new NativeRecord(new RecordId(table.name(), id), returned(values), modifiedAt, version(values), null);
        return new Row(id, record, null, stamp, deleted, digest(values, stamp));
    }

    private Map<String, Object> returned(Map<String, Object> values) {
        Map<String, Object> returned = new LinkedHashMap<>();
        for (Column column : fields) {
            Object value = values.get(column.name());
            returned.put(column.name(), column.reference() && value != null ? Values.text(value) : value);
        }
        return returned;
    }

    private String idOf(Map<String, Object> values) {
        List<String> parts = new ArrayList<>();
        for (Column column : table.id()) {
            Object value = values.get(column.name());
            if (value == null) return null;
            parts.add(Values.text(value));
        }
        return Ids.join(parts);
    }

    private String version(Map<String, Object> values) {
        Object version =
                table.version() == null ? null : values.get(table.version().name());
        return version == null ? null : Values.text(version);
    }

    private boolean isDeleted(Map<String, Object> values) {
        if (table.deleted() == null) return false;
        Object mark = values.get(table.deleted().name());
        if (mark == null) return false;
        return table.deletedValue() == null
                ? !Boolean.FALSE.equals(mark)
                : table.deletedValue().equals(Values.text(mark));
    }

    /** Eight bytes that change when anything selected does. */
    private long digest(Map<String, Object> values, String stamp) {
        StringBuilder text = new StringBuilder();
        for (Column column : selected) {
            Object value = values.get(column.name());
            String part = value == null ? null : Values.text(value);
            text.append(part == null ? -1 : part.length()).append(':').append(part == null ? "" : part);
        }
        return digest(text.append(stamp).toString());
    }

    /** The first eight bytes of the SHA-256 of a text. */
    static long digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            long digest = 0;
            for (int i = 0; i < 8; i++) digest = digest << 8 | hash[i] & 0xff;
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private String raw(ResultSet rows) {
        StringBuilder raw = new StringBuilder();
        for (int i = 0; i < selected.size() && raw.length() < RAW_LIMIT; i++) {
            raw.append(selected.get(i).name()).append('=');
            try {
                raw.append(rows.getString(i + 1));
            } catch (SQLException e) {
                raw.append('?');
            }
            raw.append('\n');
        }
        return raw.substring(0, Math.min(raw.length(), RAW_LIMIT));
    }
}
