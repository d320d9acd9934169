package io.kintsugi.connector.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A statement being put together: text with quoted names, and the values for its parameters in their order. Not thread-safe. */
final class Sql {
    private final Dialect dialect;
    private final StringBuilder text = new StringBuilder();
    private final List<Parameter> parameters = new ArrayList<>();

    Sql(Dialect dialect, String text) {
        this.dialect = dialect;
        this.text.append(text);
    }

    private record Parameter(Column column, Object value, boolean stamp) {}

    Sql add(String more) {
        text.append(more);
        return this;
    }

    Sql name(Column column) {
        return add(dialect.quote(column.name()));
    }

    Sql value(Column column, Object value) {
        parameters.add(new Parameter(column, value, false));
        return add("?");
    }

    /** {@code column = value}, of which a null value is never true. */
    Sql equal(Column column, Object value) {
        return name(column).add(" = ").value(column, value);
    }

    /** {@code a = 1 AND b = 2} for the id of one row. */
    Sql isRow(List<Column> columns, List<?> values) {
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) add(" AND ");
            equal(columns.get(i), values.get(i));
        }
        return this;
    }

    /** Any of these rows. */
    Sql isOneOf(List<Column> columns, List<? extends List<?>> rows) {
        if (columns.size() == 1) {
            name(columns.get(0)).add(" IN (");
            for (int i = 0; i < rows.size(); i++)
                add(i == 0 ? "" : ", ").value(columns.get(0), rows.get(i).get(0));
            return add(")");
        }
        for (int i = 0; i < rows.size(); i++) {
            add(i == 0 ? "((" : " OR (").isRow(columns, rows.get(i)).add(")");
        }
        return add(")");
    }

    /** Comparison of the stamp column, for example {@code stamp >= value}. */
    Sql stamp(Column column, String operator, String stamp) {
        parameters.add(new Parameter(column, stamp, true));
        return add(dialect.stampSql(column)).add(" ").add(operator).add(" ?");
    }

    /** Rows whose key comes after this one; begins with the first column alone so that its index is used. */
    Sql after(List<Column> key, List<?> values) {
        Column first = key.get(0);
        if (key.size() == 1) return name(first).add(" > ").value(first, values.get(0));
        name(first).add(" >= ").value(first, values.get(0)).add(" AND (");
        name(first).add(" > ").value(first, values.get(0)).add(" OR (");
        return after(key.subList(1, key.size()), values.subList(1, values.size()))
                .add("))");
    }

    /** Rows whose stamp and key come after these. */
    Sql after(Column changed, String stamp, List<Column> key, List<?> values) {
        stamp(changed, ">=", stamp).add(" AND (").stamp(changed, ">", stamp).add(" OR (");
        return after(key, values).add("))");
    }

    /** Rows that have an id at all; columns that are never empty are not asked. */
    Sql hasId(List<Column> id) {
        for (Column column : id)
            if (column.nullable()) add(" AND ").name(column).add(" IS NOT NULL");
        return this;
    }

    Sql orderBy(Column changed, List<Column> key) {
        String names = key.stream().map(column -> dialect.quote(column.name())).collect(Collectors.joining(", "));
        return add(" ORDER BY ")
                .add(changed == null ? "" : dialect.stampSql(changed) + ", ")
                .add(names);
    }

    /** @throws Values.Unfit if a value does not fit its column; nothing was sent then */
    PreparedStatement prepare(Connection connection) throws SQLException, Values.Unfit {
        PreparedStatement statement = connection.prepareStatement(text.toString());
        try {
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                if (parameter.stamp())
                    dialect.bindStamp(statement, i + 1, parameter.column(), (String) parameter.value());
                else dialect.bind(statement, i + 1, parameter.column(), parameter.value());
            }
            return statement;
        } catch (SQLException | Values.Unfit e) {
            statement.close();
            throw e;
        }
    }
}
