package io.kintsugi.connector.file;

import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.Unreadable;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One row of a file.
 *
 * @param id null if it cannot be told
 * @param fields values by column, null values for empty cells; empty if the row is broken
 * @param problem what is wrong with it; null if it can be read
 * @param first whether no row before it has its id
 * @param raw the row as it stands, for people; null if it can be read
 * @param from offset in the file where it begins
 * @param to offset behind its line end
 */
record Row(
        Path file,
        long line,
        String id,
        boolean first,
        Map<String, Object> fields,
        String problem,
        String raw,
        long from,
        long to) {

    String place() {
        return file.getFileName() + " line " + line;
    }

    Unreadable unreadable(String stream) {
        return new Unreadable(stream, place(), problem, raw, first ? id : null);
    }

    NativeRecord record(Query query, String changedColumn) {
        return record(query, changedColumn, id, fields);
    }

    static NativeRecord record(Query query, String changedColumn, String id, Map<String, Object> fields) {
        Map<String, Object> asked = fields;
        if (!query.fields().isEmpty()) {
            asked = new LinkedHashMap<>();
            for (String field : query.fields()) if (fields.containsKey(field)) asked.put(field, fields.get(field));
        }
        return new NativeRecord(new RecordId(query.stream(), id), asked, time(fields.get(changedColumn)), null, null);
    }

    /** Null if there is no time, or none that can be read: then it is not known when the row changed. */
    private static Instant time(Object value) {
        if (!(value instanceof String text)) return null;
        String iso = text.strip().replace(' ', 'T');
        try {
            if (iso.length() == 10)
                return LocalDate.parse(iso).atStartOfDay(ZoneOffset.UTC).toInstant();
            boolean zoned = iso.endsWith("Z") || iso.lastIndexOf('+') > 10 || iso.lastIndexOf('-') > 10;
            return zoned
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
