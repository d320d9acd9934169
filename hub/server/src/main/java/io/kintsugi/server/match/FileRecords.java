package io.kintsugi.server.match;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.server.match.Column.Role;
import io.kintsugi.server.match.CsvRows.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/**
 * The records of one file, in standard form. Every row is either a record here or told as a problem, and a row that could be read in
 * part is both.
 */
public final class FileRecords {
    private static final int BATCH = 4_000;
    private static final String NO_SOURCE = "file";

    /** Told about every row with a fault, in order. */
    @FunctionalInterface
    public interface Problems {
        /**
         * @param what what is wrong; holds no values
         * @param consequence what was done about it, the same text for all rows of one kind
         */
        void tell(long line, String what, String consequence);
    }

    private final List<RecordKey> keys = new ArrayList<>();
    private final List<Profile> profiles = new ArrayList<>();
    private final SortedSet<String> systems = new TreeSet<>();
    private boolean idsTellApart = true;
    private long rows;
    private long[] lines = new long[64]; // by position

    private FileRecords() {}

    /** The entity type that the attribute columns make up, named after its kind. */
    public static EntityType typeOf(EntityType.Kind kind, List<Column> columns) {
        var attributes = columns.stream()
                .filter(c -> c.role() == Role.ATTRIBUTE)
                .map(c -> new Attribute(c.attribute(), c.type(), c.header()))
                .toList();
        return new EntityType(kind.name().toLowerCase(Locale.ROOT), kind, attributes);
    }

    /**
     * Reads a file to its end.
     *
     * @param read rows that were taken from {@code rest} already
     * @param columns without an id column, the number of the line is the id; without a source column all rows are of one system
     * @param matcher of the type that the attribute columns make up
     * @param taken told the key and all fields of each row that is a record, in the order of {@link #keys}
     * @param lines told the number of the line now and then
     */
    public static FileRecords read(
            List<Row> read,
            CsvRows rest,
            List<Column> columns,
            Matcher matcher,
            Problems problems,
            BiConsumer<RecordKey, List<String>> taken,
            LongConsumer lines)
            throws IOException {
        var records = new FileRecords();
        var type = matcher.policy().entityType();
        var id = indexOf(columns, Role.ID);
        var source = indexOf(columns, Role.SOURCE);
        var used = columns.stream().filter(c -> c.role() == Role.ATTRIBUTE).toList();
        var lineOf = new HashMap<RecordKey, Long>();
        var ids = new HashSet<String>();
        var systemOf = new HashMap<String, String>(); // one text for all records of a system
        var standard = new Standardising(matcher, records.profiles);
        var batch = new ArrayList<Map.Entry<RecordKey, Map<String, String>>>();
        var ahead = read.iterator();
        for (var row = ahead.hasNext() ? ahead.next() : rest.next();
                row != null;
                row = ahead.hasNext() ? ahead.next() : rest.next()) {
            records.rows++;
            var ownId = id < 0 ? Long.toString(row.line()) : row.fields().get(id);
            if (ownId.isBlank()) {
                var what = row.problem() != null ? row.problem() : "the id is empty";
                problems.tell(row.line(), what, "has no id and is left out");
                continue;
            }
            var system = source < 0
                    ? NO_SOURCE
                    : systemOf.computeIfAbsent(row.fields().get(source), FileRecords::systemOf);
            var key = new RecordKey(system, type, ownId);
            var first = lineOf.putIfAbsent(key, row.line());
            if (first != null) {
                var what = "the id is that of line " + first + (source < 0 ? "" : ", of the same source");
                problems.tell(row.line(), what, "repeats an id and is left out");
                continue;
            }
            if (row.problem() != null)
                problems.tell(row.line(), row.problem(), "is matched with what could be read of it");
            records.systems.add(system);
            if (records.keys.size() == records.lines.length)
                records.lines = Arrays.copyOf(records.lines, records.lines.length * 2);
            records.lines[records.keys.size()] = row.line();
            records.keys.add(key);
            taken.accept(key, row.fields());
            if (records.idsTellApart) records.idsTellApart = ids.add(ownId);
            var values = new HashMap<String, String>();
            for (var column : used) {
                var value = row.fields().get(column.index());
                if (!value.isBlank()) values.put(column.attribute(), value);
            }
            batch.add(Map.entry(key, values));
            if (batch.size() == BATCH) {
                standard.add(batch);
                batch = new ArrayList<>();
                lines.accept(row.line());
            }
        }
        standard.add(batch);
        standard.finish();
        return records;
    }

    /** Keys in the order of the file. */
    public List<RecordKey> keys() {
        return Collections.unmodifiableList(keys);
    }

    /** The line where the record at a position of {@link #keys} begins, from 1. */
    public long line(int position) {
        return lines[Objects.checkIndex(position, keys.size())];
    }

    /** Whether no two records, of whatever sources, have the same id. */
    public boolean idsTellApart() {
        return idsTellApart;
    }

    /** In the order of {@link #keys}. */
    public List<Profile> profiles() {
        return Collections.unmodifiableList(profiles);
    }

    /** Systems of the records, from {@link #systemOf}. */
    public SortedSet<String> systems() {
        return Collections.unmodifiableSortedSet(systems);
    }

    /** Rows of the file, with those that are no record. */
    public long rows() {
        return rows;
    }

    /** A source as the id of a system: different sources are different systems, blank ones are all {@code file}. */
    public static String systemOf(String source) {
        return source.isBlank() ? NO_SOURCE : source.strip().replace("%", "%25").replace(":", "%3A");
    }

    /** The source that was made a system. */
    public static String sourceOf(String system) {
        return system.replace("%3A", ":").replace("%25", "%");
    }

    private static int indexOf(List<Column> columns, Role role) {
        return columns.stream()
                .filter(c -> c.role() == role)
                .mapToInt(Column::index)
                .findFirst()
                .orElse(-1);
    }
}
