package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.spi.ConnectorException.SchemaDrift;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A table or view as the database describes it, with the settings for it resolved to columns.
 *
 * @param schema where it is; null if the database has no schemas
 * @param id columns whose values make the external id; never empty
 * @param changed stamp column; null if changes are found by comparing scans
 * @param deleted tombstone column; null if deleted rows are gone
 * @param deletedValue value that marks a deleted row; null if any value does
 * @param linkKey null if creates are not protected against repetition
 * @param version null if updates are guarded by the expected values
 * @param uniques columns of each unique index by its name, the primary key among them
 * @param references in a stable order
 * @param compareEvery how often a table with a stamp column is also compared whole; zero for never
 * @param made a digest of the settings on which the meaning of a position depends
 */
record Table(
        String name,
        String schema,
        boolean view,
        List<Column> columns,
        List<Column> id,
        Column changed,
        Column deleted,
        String deletedValue,
        Column linkKey,
        Column version,
        Map<String, List<String>> uniques,
        List<Reference> references,
        Duration compareEvery,
        String made) {
    Table {
        columns = List.copyOf(columns);
        id = List.copyOf(id);
        references = List.copyOf(references);
    }

    /** A foreign key of one column. */
    record Reference(String constraint, String column, String target) {}

    /** Null if there is no such column. */
    Column column(String column) {
        for (Column candidate : columns) if (candidate.name().equals(column)) return candidate;
        return null;
    }

    /** The columns of these names, all if there are none. */
    List<Column> select(Collection<String> names) throws SchemaDrift {
        if (names.isEmpty()) return columns;
        Map<String, Column> byName = byName();
        Set<String> missing = new LinkedHashSet<>(names);
        missing.removeAll(byName.keySet());
        if (!missing.isEmpty())
            throw new SchemaDrift(
                    name,
                    missing,
                    "table " + name + " has no column " + String.join(", ", missing)
                            + "; discover again and mend the mapping");
        return names.stream().distinct().map(byName::get).toList();
    }

    private Map<String, Column> byName() {
        return columns.stream()
                .collect(Collectors.toMap(Column::name, column -> column, (a, b) -> a, LinkedHashMap::new));
    }

    /** Whether scans are compared, always or now and then. */
    boolean compared() {
        return changed == null || !compareEvery.isZero();
    }

    /** Whether two spellings of an id can name one row. */
    boolean caseSensitiveIds() {
        return id.stream().allMatch(Column::caseSensitive);
    }
}
