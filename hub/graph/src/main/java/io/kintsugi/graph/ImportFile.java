package io.kintsugi.graph;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One kind of nodes or relationships as the offline import of Neo4j reads them: CSV whose header says what a column is. An absent
 * property is an empty field, an empty text is quoted. Thread-safe.
 */
final class ImportFile implements AutoCloseable {
    /** Between the elements of a list; no text of a record has a sign that no keyboard has. */
    static final char IN_LISTS = '\u001e';

    private final Path path;
    private final List<String> columns; // names without types
    private final Set<String> known;
    private final int leading;
    private final Writer out;
    private volatile boolean multiline;

    /**
     * @param leading columns that are no properties, such as {@code :ID}
     * @param properties with their types, as {@code at:datetime}; those without one are texts
     */
    ImportFile(Path path, List<String> leading, Collection<String> properties) throws IOException {
        this.path = path;
        this.leading = leading.size();
        var header = new ArrayList<>(leading);
        header.addAll(properties);
        columns = properties.stream().map(property -> property.split(":", 2)[0]).toList();
        known = new HashSet<>(columns);
        out = new BufferedWriter(Files.newBufferedWriter(path, StandardCharsets.UTF_8), 1 << 18);
        out.write(String.join(",", header) + "\n");
    }

    Path path() {
        return path;
    }

    /** Whether some value goes over more than one line. */
    boolean multiline() {
        return multiline;
    }

    /** Rows of one writer, formatted on its own thread and put into the file at once. */
    final class Rows {
        private final StringWriter text = new StringWriter();
        private final CsvWriter csv =
                CsvWriter.builder().quoteStrategy(QuoteStrategies.EMPTY).build(text);

        /**
         * @param first values of the leading columns
         * @throws IllegalStateException if a property has no column or a list cannot be written
         */
        void add(Map<String, ?> properties, Object... first) {
            var fields = new String[leading + columns.size()];
            for (int i = 0; i < leading; i++) fields[i] = first[i] == null ? null : first[i].toString();
            int found = 0;
            for (int i = 0; i < columns.size(); i++) {
                var value = properties.get(columns.get(i));
                if (value != null) found++;
                fields[leading + i] = text(value);
            }
            if (found < properties.size()) requireKnown(properties);
            csv.writeRecord(fields);
        }

        private void requireKnown(Map<String, ?> properties) {
            properties.forEach((name, value) -> {
                if (value != null && !known.contains(name)) {
                    throw new IllegalStateException("no column for the property " + name + " in " + path.getFileName());
                }
            });
        }

        private String text(Object value) {
            if (value == null) return null;
            if (!(value instanceof Collection<?> list)) return plain(value.toString());
            var joined = new StringBuilder();
            for (var element : list) {
                var each = element.toString();
                if (each.indexOf(IN_LISTS) >= 0) {
                    throw new IllegalStateException("a value of a list holds the sign U+001E, which separates them");
                }
                if (joined.length() > 0) joined.append(IN_LISTS);
                joined.append(each);
            }
            return plain(joined.toString());
        }

        private String plain(String text) {
            if (!multiline && (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0)) multiline = true;
            return text;
        }

        void flush() {
            try {
                csv.close();
                synchronized (out) {
                    out.append(text.getBuffer());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
